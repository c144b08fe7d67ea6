package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.reply.RuleFiles;
import org.caravanmta.delivery.schedule.BrakeState;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.WindowSettings;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What rules for replies make of deliveries to mail stores (RFC 2033), which reply to each
/// recipient after the end of data, and to content filters.
class SlowedByNearRepliesTest extends ServersInReach {
  private static final String SLOW_DOWN = "421 4.7.0 slow down";
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @TempDir Path directory;

  /// At whatever step it says so: its mail waits, and after that time it comes back.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lmtp      | greeting | 220 mx.test LMTP",
        "lmtp      | LHLO     | 250 mx.test",
        "lmtp      | MAIL     | 250 ok",
        "lmtp      | RCPT     | 250 ok",
        "lmtp      | DATA     | 354 go on",
        "lmtp      | .        | 250 ok",
        "lmtp:inet | greeting | 220 mx.test LMTP",
        "lmtp:inet | LHLO     | 250 mx.test",
        "lmtp:inet | RCPT     | 250 ok",
        "lmtp:inet | .        | 250 ok",
        "smtp      | greeting | 220 mx.test ESMTP",
        "smtp      | EHLO     | 250 mx.test",
        "smtp      | RCPT     | 250 ok",
        "smtp      | .        | 250 ok"
      })
  void oneThatWantsLessIsLeftAloneForThatTime(String way, String step, String usual) {
    rules("/^421 4\\.7\\.0 slow/ suspend for 10m");
    String greeting = "220 mx.test";
    if (step.equals("greeting")) {
      server.greeting(SLOW_DOWN);
    } else {
      server.on(step, SLOW_DOWN, usual);
    }
    assertThat(said(to(way, "a@far.example"))).containsExactly("Deferred 4.7.0 " + SLOW_DOWN);
    assertThat(server.connections()).isEqualTo(1);

    TaskOutcome second = to(way, "a@far.example");
    assertThat(second.tried()).isTrue();
    assertThat(reason(second).text())
        .startsWith("delivery temporarily suspended: ")
        .contains(SLOW_DOWN);
    assertThat(server.connections()).describedAs("it was not called").isEqualTo(1);

    server.greeting(greeting);
    now.updateAndGet(t -> t.plus(TEN_MINUTES));
    assertThat(said(to(way, "a@far.example"))).containsExactly("Delivered");
    assertThat(destinations.brakes()).isEmpty();
  }

  /// RFC 2033 §4.2: one reply for each recipient after the end of data.
  @Test
  void eachRecipientHasWhatTheRuleForItsReplySays() {
    rules(
        "/^550 5\\.7\\.1 .*rate/ defer, rate=1000/s",
        "/^452 4\\.2\\.2/ fail",
        "/^451 4\\.3\\.2/ concurrency=1",
        "/^451 4\\.7\\.1/ slow");
    server.on(
        ".",
        "250 2.0.0 Ok",
        "550 5.7.1 Rate limit exceeded",
        "452 4.2.2 mailbox full",
        "451 4.3.2 one at a time",
        "451 4.7.1 busy");
    TaskOutcome outcome =
        to(
            "lmtp",
            "a@far.example",
            "b@far.example",
            "c@far.example",
            "d@far.example",
            "e@f.example");
    assertThat(said(outcome))
        .containsExactly(
            "Delivered",
            "Deferred 4.7.1 550 5.7.1 Rate limit exceeded",
            "Failed 5.2.2 452 4.2.2 mailbox full",
            "Deferred 4.3.2 451 4.3.2 one at a time",
            "Deferred 4.7.1 451 4.7.1 busy");
    assertThat(destinations.brakes())
        .extracting(BrakeState::what)
        .describedAs("half of one task is one")
        .containsExactlyInAnyOrder("rate=1000/s", "concurrency=1", "concurrency=1");
    assertThat(server.received()).hasSize(1);
  }

  /// The same at RCPT, where it is as with other servers.
  @Test
  void recipientsWhomTheStoreRefusesHaveWhatTheRulesSay() {
    rules("/^550 5\\.7\\.1 .*rate/ defer", "/^450 4\\.2\\.2/ fail");
    server.on("RCPT TO:<b@", "550 5.7.1 rate limit").on("RCPT TO:<c@", "450 4.2.2 mailbox full");
    assertThat(said(to("lmtp", "a@far.example", "b@far.example", "c@far.example")))
        .containsExactly(
            "Delivered",
            "Deferred 4.7.1 550 5.7.1 rate limit",
            "Failed 5.2.2 450 4.2.2 mailbox full");
  }

  private TaskOutcome to(String way, String... recipients) {
    Mail mail = Letters.to(recipients);
    return switch (way) {
      case "lmtp" -> {
        server.lmtp();
        yield lmtp().deliver(Letters.hopping(mail, "lmtp", "inet:127.0.0.1:" + server.port()));
      }
      case "lmtp:inet" -> {
        server.lmtp();
        yield filter(mail, "lmtp:inet:127.0.0.1:" + server.port());
      }
      default -> filter(mail, "smtp:[127.0.0.1]:" + server.port());
    };
  }

  private TaskOutcome filter(Mail mail, String nextHop) {
    BiFunction<Mail, Destination, TaskOutcome> smtp = smtp()::deliverTo;
    return new FilterDelivery(smtp, lmtp()::deliverTo)
        .deliver(Letters.hopping(mail, "filter", nextHop));
  }

  private SmtpDelivery smtp() {
    return new SmtpDelivery(
        resolver(),
        RemoteExample.servers(server.port(), addresses, tries, ""),
        caller,
        Ourselves.nobody("relay.example"),
        approaches,
        destinations,
        connections,
        generic,
        nothingStored(),
        clock);
  }

  private LmtpDelivery lmtp() {
    return new LmtpDelivery(
        resolver(),
        directory,
        caller,
        tries,
        approaches,
        destinations,
        connections,
        generic,
        nothingStored(),
        clock);
  }

  private static List<String> said(TaskOutcome outcome) {
    return outcome.results().stream()
        .map(
            each ->
                switch (each.attempt()) {
                  case Attempt.Delivered _ -> "Delivered";
                  case Attempt.Deferred(var reason) ->
                      "Deferred " + reason.status() + " " + reason.reply().orElse("");
                  case Attempt.Failed(var reason) ->
                      "Failed " + reason.status() + " " + reason.reply().orElse("");
                })
        .toList();
  }

  private void rules(String... lines) {
    destinations =
        new Destinations(
            new Limits(
                2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO, WindowSettings.USUAL),
            new Load(100, 1000, LONG),
            Shaping.usual(),
            RuleFiles.rules(directory, List.of(), lines),
            clock);
  }
}
