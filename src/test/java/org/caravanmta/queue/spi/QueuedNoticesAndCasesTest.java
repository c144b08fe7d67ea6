package org.caravanmta.queue.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.spi.QueuedMail.ANN;
import static org.caravanmta.queue.spi.QueuedMail.BOB;
import static org.caravanmta.queue.spi.QueuedMail.FAILED;
import static org.caravanmta.queue.spi.QueuedMail.JOE;
import static org.caravanmta.queue.spi.QueuedMail.STRANGER;
import static org.caravanmta.queue.spi.QueuedMail.WAITING;
import static org.caravanmta.queue.spi.QueuedMail.empty;
import static org.caravanmta.queue.spi.QueuedMail.envelope;
import static org.caravanmta.queue.spi.QueuedMail.here;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Purpose;
import org.caravanmta.message.Status;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Deferrals;
import org.caravanmta.policy.GivenPaths;
import org.caravanmta.policy.ListPosition;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RestrictionList;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.policy.TransactionFacts;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;

/// Notices and questions that the program before this one has put on the queues are what they were,
/// and are written again with the same bytes: a report is not lost by an upgrade, and nodes of both
/// programs may stand at one broker.
class QueuedNoticesAndCasesTest {
  private static final Address SOMEONE = Address.of("x", "y.example");

  @Test
  void noticesAreReadWithAllTheyTell() throws Exception {
    var recording = new Recording("notices.txt");
    Map<String, Notice> expected = notices();
    recording.names(expected.keySet());
    expected.forEach(
        (name, notice) -> {
          Notice read = (Notice) recording.read(name);
          List<Notice> parts = read.parts();
          assertThat(parts).as(name).hasSameSizeAs(notice.parts());
          for (int i = 0; i < parts.size(); i++) {
            assertThat(parts.get(i).action()).as(name).isEqualTo(notice.parts().get(i).action());
            Recording.same(parts.get(i).mail(), notice.parts().get(i).mail());
          }
          assertThat(Recording.written(read)).as(name).isEqualTo(recording.bytes(name));
        });
  }

  @Test
  void questionsAreReadWithAllThatIsKnownOnTheirWay() throws Exception {
    var recording = new Recording("cases.txt");
    Map<String, Case> expected = cases();
    recording.names(expected.keySet());
    expected.forEach(
        (name, question) -> {
          Case read = (Case) recording.read(name);
          if (question instanceof Case.Message message) {
            Case.Message that = (Case.Message) read;
            Recording.same(that.mail(), message.mail());
            assertThat(that.with(message.mail())).as(name).isEqualTo(message);
          } else {
            assertThat(read).as(name).isEqualTo(question);
          }
          assertThat(Recording.written(read)).as(name).isEqualTo(recording.bytes(name));
        });
  }

  private static Map<String, Notice> notices() {
    Mail accepted = empty(envelope(STRANGER).with(JOE));
    Mail failed = accepted.with(List.of(FAILED));
    var all = new LinkedHashMap<String, Notice>();
    all.put("FAILED", new Notice(Notice.Action.FAILED, failed, List.of()));
    all.put("DELAYED", new Notice(Notice.Action.DELAYED, failed, List.of()));
    all.put("DELIVERED", new Notice(Notice.Action.DELIVERED, failed, List.of()));
    all.put("RELAYED", new Notice(Notice.Action.RELAYED, failed, List.of()));
    all.put("EXPANDED", new Notice(Notice.Action.EXPANDED, failed, List.of()));
    all.put("VERIFIED", new Notice(Notice.Action.VERIFIED, failed, List.of()));
    all.put(
        "several",
        new Notice(
            Notice.Action.FAILED,
            failed,
            List.of(
                new Notice(Notice.Action.DELAYED, accepted.with(List.of(WAITING))),
                new Notice(Notice.Action.RELAYED, accepted.with(List.of(ANN, BOB))))));
    all.put(
        "verification",
        new Notice(
            Notice.Action.VERIFIED,
            empty(
                envelope(here("maildrop"))
                    .with(Purpose.VERIFICATION)
                    .with(JOE)
                    .with(List.of(FAILED))
                    .with(
                        new Destination.Fail(
                            new Destination.Why(
                                Optional.of(new Status(5, 1, 1)), "User unknown"))))));
    all.put(
        "of a message with everything",
        new Notice(Notice.Action.DELAYED, QueuedMail.waiting(), List.of()));
    return all;
  }

  private static Map<String, Case> cases() {
    var all = new LinkedHashMap<String, Case>();
    all.put(
        "connection",
        new Case.Connection(
            STRANGER,
            new Verdict.Undecided(),
            RestrictionState.START,
            "CONNECT",
            ReversePath.NULL));
    all.put(
        "connection at MAIL",
        new Case.Connection(STRANGER, new Verdict.Permit(), restrictionState(), "MAIL", JOE));
    all.put(
        "recipient",
        new Case.Rcpt(
            STRANGER,
            ReversePath.NULL,
            ANN.address(),
            499,
            true,
            new Verdict.Defer(Reply.of(451, "4.3.0", "later")),
            restrictionState()));
    all.put(
        "data",
        new Case.Data(
            STRANGER,
            JOE,
            List.of(ANN.address(), SOMEONE),
            new Verdict.Reject(Reply.plain(554, "no", "not here")),
            RestrictionState.START));
    all.put(
        "message held",
        new Case.Message(
            QueuedMail.waiting(), new Verdict.Hold("looks odd"), true, restrictionState()));
    all.put(
        "message discarded",
        new Case.Message(
            empty(envelope(here("maildrop")).with(Purpose.WATCHED)),
            new Verdict.Discard("spam"),
            false,
            RestrictionState.START));
    return all;
  }

  private static RestrictionState restrictionState() {
    return new RestrictionState(
        new TransactionFacts("1f", "4Xy", 1234, new GivenPaths("a", "c@d", "e+40f")),
        new ListPosition(Set.of(RestrictionList.CLIENT), RestrictionList.SENDER, true, 2),
        new Deferrals(
            Optional.of(Reply.of(450, "4.7.1", "later")),
            Optional.of(Reply.of(451, "4.7.2", "soon"))),
        List.of(
            new MessageAction.Hold("odd"),
            new MessageAction.Redirect(SOMEONE),
            new MessageAction.Bcc(Address.of("jörg", "y.example")),
            new MessageAction.Filter(new NamedTransport("smtp", "[127.0.0.1]:10025")),
            new MessageAction.Filter(new NamedTransport("error", "5.7.1")),
            new MessageAction.Prepend("X-A: b")));
  }
}
