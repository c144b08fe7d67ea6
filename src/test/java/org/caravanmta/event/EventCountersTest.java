package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.monitor.Counters;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventCountersTest {
  private static final Mail MAIL = Letters.to("ann@ex.example");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void show() {
    Counters.show(registry);
  }

  @AfterEach
  void hide() {
    Counters.hide(registry);
  }

  @Test
  void eachIsCountedWhereItBelongs() {
    check(new SessionEvent.Connected(Letters.CLIENT), "caravan_sessions", "listener", "smtp");
    check(new SessionEvent.Queued(MAIL), "caravan_messages_received", "by", "smtp");
    check(
        new ScheduleEvent.Braked(
            "far.example", "rate=30/m", Letters.ARRIVED, "config/replies:3", "421 4.7.0 slow"),
        "caravan_brakes",
        "action",
        "rate");
    check(
        new FilterEvent.GivenUp("rspamd http://a:11333", "http://a:11333", "down"),
        "caravan_filter_servers",
        "change",
        "given-up");
    check(
        new FilterEvent.Restored("rspamd http://a:11333", "http://a:11333"),
        "caravan_filter_servers",
        "filter",
        "rspamd");
    check(
        new FilterEvent.Unanswered("milter inet:127.0.0.1:8891", "4R", "down", "tempfail"),
        "caravan_filter_judgements",
        "answer",
        "no-answer");
    check(new SubmissionEvent.Queued(MAIL, 1), "caravan_messages_received", "by", "maildrop");
    check(
        new SessionEvent.NotSecured(Letters.CLIENT, new Exception("no cipher")),
        "caravan_tls_failures",
        "side",
        "server");
    check(
        new SessionEvent.LoginFailed(Letters.CLIENT, "PLAIN", "wrong", ""),
        "caravan_logins",
        "result",
        "failed");
    check(
        new SessionEvent.LoginUndecided(Letters.CLIENT, "PLAIN", "down"),
        "caravan_logins",
        "result",
        "failed");
    check(new SessionEvent.LoggedIn(Letters.CLIENT, "PLAIN"), "caravan_logins", "result", "ok");
    check(
        new ReportEvent.Reported(
            new Notice(Notice.Action.DELAYED, MAIL),
            "4R",
            "<4R@mx>",
            Address.parse("joe@a.example")),
        "caravan_reports",
        "kind",
        "delayed");
    check(
        new SessionEvent.Refused(
            "RCPT",
            Letters.CLIENT,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Reply.of(554, "5.7.1", "<x@y.example>: Relay access denied")),
        "caravan_refused",
        "reason",
        "relay");
  }

  @Test
  void anAttemptIsCountedByWhatItCameTo() {
    var deferred = new Attempt.Deferred(Reason.of("4.4.1", "refused"));
    check(attempted(deferred, false), "caravan_deliveries", "status", "deferred");
    check(attempted(deferred, true), "caravan_deliveries", "status", "expired");
    check(
        attempted(new Attempt.Failed(Reason.of("5.1.1", "no")), true),
        "caravan_deliveries",
        "status",
        "bounced");
    check(
        attempted(new Attempt.Delivered("250 Ok", "x"), false),
        "caravan_deliveries",
        "status",
        "sent");
  }

  @Test
  void whatIsOnlyLoggedIsNotCounted() {
    double before = all();
    for (Event event :
        List.of(
            new DeliveryEvent.Activated(MAIL),
            new DeliveryEvent.Settled(MAIL, 0),
            new SessionEvent.Completed(MAIL),
            new CheckEvent.Disallowed(MAIL),
            new LocalEvent.Dropped(MAIL, MAIL.recipients().getFirst().address()),
            new RestrictionEvent.Undecided("a table"))) {
      EventCounters.count(event);
    }
    assertThat(all()).isEqualTo(before);
  }

  /// That this one series, and no other, is one higher than before.
  private void check(Event event, String name, String label, String value) {
    double before = sum(name, label, value);
    double total = all();
    EventCounters.count(event);
    assertThat(sum(name, label, value)).as("%s", event).isEqualTo(before + 1);
    assertThat(all()).as("%s", event).isEqualTo(total + 1);
  }

  private double sum(String name, String label, String value) {
    return registry.find(name).tag(label, value).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private double all() {
    return registry.getMeters().stream()
        .filter(Counter.class::isInstance)
        .mapToDouble(meter -> ((Counter) meter).count())
        .sum();
  }

  private static DeliveryEvent.Attempted attempted(Attempt attempt, boolean expired) {
    return new DeliveryEvent.Attempted(
        MAIL,
        "smtp",
        MAIL.recipients().getFirst(),
        attempt,
        "none",
        0,
        new Delays(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
        expired);
  }
}
