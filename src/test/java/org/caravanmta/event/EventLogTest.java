package org.caravanmta.event;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.log.Form;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What is said in Postfix's words where it differs from what is said in ours: each line with the
/// program that it is marked with.
class EventLogTest {
  private static final Form POSTFIX = new Form.Postfix("mx", "1");
  private static final Form OURS = new Form.Caravan("1");
  private static final Mail MAIL = Letters.to("ann@ex.example", "bob@ex.example");
  private static final Recipient ANN = MAIL.recipients().getFirst();
  private static final Reason NO = Reason.of("5.1.1", "no");
  private static final Delays TIMES =
      new Delays(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2));

  private final Form before = Form.inForce();
  private final Logger log = (Logger) LoggerFactory.getLogger("org.caravanmta");
  private final Level level = log.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.setLevel(Level.INFO);
    log.setAdditive(false);
    log.addAppender(lines);
  }

  @AfterEach
  void leave() {
    log.detachAppender(lines);
    log.setAdditive(true);
    log.setLevel(level);
    Form.use(before);
  }

  @Test
  void whatExpiresIsSaidByTheQueueManager() {
    var event = attempted(new Attempt.Deferred(Reason.of("4.4.1", "refused")), true);
    String line = "4XyZ12abcdz3k: to=<ann@ex.example>, relay=none, delay=3, delays=1/0/0/2,";
    assertThat(said(OURS, event)).containsExactly(line + " dsn=4.4.1, status=expired (refused)");
    assertThat(said(POSTFIX, event))
        .containsExactly(
            "smtp " + line + " dsn=4.4.1, status=deferred (refused)",
            "qmgr 4XyZ12abcdz3k: from=<joe@far.example>, status=expired, returned to sender");
  }

  @Test
  void whatFailsAtItsLastTimeIsNotExpired() {
    var event = attempted(new Attempt.Failed(NO), true);
    assertThat(said(POSTFIX, event)).singleElement().asString().endsWith("status=bounced (no)");
  }

  @Test
  void aMessageIsRemovedOnceWhenNobodyOfItWaits() {
    Mail first = MAIL.with(List.of(ANN));
    Mail second = MAIL.with(List.of(MAIL.recipients().getLast()));
    String active = "qmgr 4XyZ12abcdz3k: from=<joe@far.example>, size=21, nrcpt=2 (queue active)";
    assertThat(said(POSTFIX, new DeliveryEvent.Activated(MAIL))).containsExactly(active);
    assertThat(said(POSTFIX, new DeliveryEvent.Settled(first, 0))).isEmpty();
    assertThat(said(POSTFIX, new DeliveryEvent.Settled(second, 1))).isEmpty();
    assertThat(said(POSTFIX, new DeliveryEvent.Settled(second, 0)))
        .containsExactly("qmgr 4XyZ12abcdz3k: removed");
    assertThat(said(OURS, new DeliveryEvent.Activated(MAIL))).isEmpty();
    assertThat(said(OURS, new DeliveryEvent.Settled(MAIL, 0))).isEmpty();
  }

  @Test
  void mailPassedOnIsAMessageOfItsOwn() {
    var event = new DeliveryEvent.Forwarded(MAIL, "4Abc");
    String line = "qmgr 4XyZ12abcdz3k: from=<joe@far.example>, size=21, nrcpt=2 ";
    assertThat(said(OURS, event)).containsExactly(line + "(queued, forwarded from 4Abc)");
    assertThat(said(POSTFIX, event)).containsExactly(line + "(queue active)");
  }

  @Test
  void whatARuleHasSaidTheSessionDoesNotSayAgainInPostfixsWords() {
    var matched =
        new CheckEvent.Matched(MAIL, "header Subject: x", CheckEvent.Action.REJECT, "5.7.1 spam");
    var refused =
        new SessionEvent.Refused(
            "END-OF-MESSAGE",
            Letters.CLIENT,
            Optional.of(MAIL.id()),
            Optional.of(MAIL.reversePath()),
            Optional.empty(),
            Reply.of(550, "5.7.1", "spam"));
    String line =
        "smtpd 4XyZ12abcdz3k: reject: END-OF-MESSAGE from client.example[192.0.2.7]: 550 5.7.1"
            + " spam; from=<joe@far.example> proto=ESMTP helo=<client.example>";
    assertThat(said(POSTFIX, matched)).hasSize(1);
    assertThat(said(POSTFIX, refused)).isEmpty();
    assertThat(said(POSTFIX, refused)).containsExactly(line);
    assertThat(said(OURS, matched)).hasSize(1);
    assertThat(said(OURS, refused)).containsExactly(line);
  }

  @Test
  void whatIsPostedAndRejectedHasItsLineWithoutAnAttempt() {
    var event = new SubmissionEvent.Bounced(MAIL, ANN, NO);
    assertThat(said(OURS, event))
        .containsExactly(
            "cleanup 4XyZ12abcdz3k: to=<ann@ex.example>, relay=none, dsn=5.1.1, status=bounced"
                + " (no)");
    assertThat(said(POSTFIX, event))
        .containsExactly(
            "cleanup 4XyZ12abcdz3k: to=<ann@ex.example>, relay=none, delay=0, delays=0/0/0/0,"
                + " dsn=5.1.1, status=bounced (no)");
    assertThat(said(POSTFIX, new SubmissionEvent.Verified(MAIL, ANN, Reason.of("2.0.0", "mx"))))
        .containsExactly(
            "4XyZ12abcdz3k: to=<ann@ex.example>, relay=none, dsn=2.0.0, status=deliverable (mx)");
  }

  @Test
  void aFaultOfOursIsAnErrorWithItsTrace() {
    var why = new IllegalStateException("a fault");
    assertThat(said(OURS, new DeliveryEvent.Broken(MAIL, "deferred.1m", why)))
        .containsExactly("4XyZ12abcdz3k: a stage broke on it, waits in deferred.1m");
    assertThat(said(OURS, new DeliveryEvent.SetAside(MAIL, 3, why)))
        .containsExactly("4XyZ12abcdz3k: set aside as dead: a stage broke on it 3 times");
    assertThat(lines.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
    assertThat(lines.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("a fault");
  }

  @Test
  void aReportIsSaidByBounce() {
    var notice = new Notice(Notice.Action.DELAYED, MAIL);
    var event =
        new ReportEvent.Reported(notice, "4Rep", "<4Rep@mx>", Address.parse("joe@far.example"));
    assertThat(said(OURS, event))
        .containsExactly(
            "4Rep: delayed of 4XyZ12abcdz3k to <joe@far.example> about <ann@ex.example>"
                + " <bob@ex.example>");
    assertThat(said(POSTFIX, event))
        .containsExactly(
            "cleanup 4Rep: message-id=<4Rep@mx>",
            "bounce 4XyZ12abcdz3k: sender delay notification: 4Rep");
  }

  @Test
  void onlyWeSayThatItIsQueued() {
    var event = new SessionEvent.Queued(MAIL);
    assertThat(said(OURS, event))
        .containsExactly("4XyZ12abcdz3k: from=<joe@far.example>, size=21, nrcpt=2 (queued)");
    assertThat(said(POSTFIX, event)).isEmpty();
  }

  private static DeliveryEvent.Attempted attempted(Attempt attempt, boolean expired) {
    return new DeliveryEvent.Attempted(MAIL, "smtp", ANN, attempt, "none", 0, TIMES, expired);
  }

  /// Each line after its marker, if it has one.
  private List<String> said(Form form, Event event) {
    lines.list.clear();
    Form.use(form);
    EventLog.write(event);
    return lines.list.stream()
        .map(
            line ->
                (line.getMarkerList() == null ? "" : line.getMarkerList().getFirst() + " ")
                    + line.getFormattedMessage())
        .toList();
  }
}
