package org.caravanmta.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.message.Verp;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of posted mail.
class CollectorTest extends PostedMail {
  @Test
  void aPostedMessageIsCompletedAndQueued() throws Exception {
    post(posting("joe", "ann", "bob@b.example"), LETTER);

    assertThat(collect()).isEqualTo(1);

    Mail mail = (Mail) only("routing");
    assertThat(mail.headers().toString().replaceAll("userid \\d+", "userid N"))
        .isEqualTo(
            ("""
            Received: by mx.example (Caravan, from userid N)
            \tid %1$s; Tue, 25 Aug 2026 10:00:00 +0000 (UTC)
            Subject: x
            Bcc: eve
            Message-Id: <%1$s@mx.example>
            Date: Tue, 25 Aug 2026 10:00:00 +0000 (UTC)
            From: Joe User <joe@a.example>
            """)
                .formatted(mail.id())
                .replace("\n", "\r\n"));
    assertThat(((Content.Inline) mail.content()).bytes()).isEqualTo("hello\r\n".getBytes(UTF_8));
    assertThat(mail.recipients())
        .extracting(r -> r.address().toString())
        .containsExactly("ann@a.example", "bob@b.example");
    assertThat(mail.envelope().client().trusted()).isTrue();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void theParametersOfReportsGoWithIt() throws Exception {
    var parameters =
        new MailOptions(
            Optional.of(MailOptions.Body.EIGHTBITMIME),
            false,
            Optional.of(MailOptions.Ret.HDRS),
            Optional.of("Q+2B1"));
    var posting =
        new Posting(
            "", "", List.of("ann"), Optional.of(Posting.notifyOf("delay,failure")), parameters);
    post(posting, LETTER);
    collect();
    Mail mail = (Mail) only("routing");
    assertThat(mail.envelope().parameters()).isEqualTo(parameters);
    assertThat(mail.reversePath()).isEqualTo(ReversePath.NULL);
    assertThat(mail.recipients().getFirst().notifyOn().orElseThrow().events())
        .containsExactlyInAnyOrder(Notify.Event.DELAY, Notify.Event.FAILURE);
    assertThat(mail.headers().first("From").orElseThrow().value())
        .isEqualTo("MAILER-DAEMON@a.example");
  }

  @ParameterizedTest
  @CsvSource({"'', +=", "-=, -="})
  void variableReversePathsAreAskedForWithDelimitersOrWithout(String given, String delimiters)
      throws Exception {
    post(
        new Posting(
            "owner@list.example",
            "",
            List.of("ann"),
            Optional.empty(),
            MailOptions.NONE,
            Posting.Purpose.DELIVERY,
            Optional.of(given)),
        LETTER);
    collect();
    assertThat(((Mail) only("routing")).envelope().parameters().verp())
        .contains(new Verp(delimiters));
  }

  /// A program cannot say that its mail is internationalized (RFC 6531): it is seen.
  @ParameterizedTest
  @CsvSource({
    "joe, ann, Subject: plain, false",
    "joe, ann, Subject: gr\u00fc\u00dfe, true",
    "joe, \u041f\u0440\u0438\u0432\u0435\u0442@b.example, Subject: plain, true",
    "jos\u00e9, ann, Subject: plain, true",
    "joe, b\u00fccher@b\u00fccher.example, Subject: plain, true",
  })
  void internationalizedMailIsMarked(String sender, String recipient, String field, boolean marked)
      throws Exception {
    post(
        new Posting(sender, "", List.of(recipient), Optional.empty(), MailOptions.NONE),
        field + "\n\nhello \u00e9\n");
    collect();
    assertThat(((Mail) only("routing")).envelope().parameters().smtputf8()).isEqualTo(marked);
  }

  @Test
  void bytesThatAreNotUtf8MakeNoMailInternationalized() throws Exception {
    put(posting("joe", "ann"), "Subject: gr\u00fc\u00dfe\r\n\r\nhello\r\n".getBytes(ISO_8859_1));
    collect();
    assertThat(((Mail) only("routing")).envelope().parameters().smtputf8()).isFalse();
  }

  @Test
  void whatIsRejectedIsReportedToTheSender() throws Exception {
    verdict = new Verdict.Reject(Reply.of(550, "5.7.1", "no such talk"));
    post(posting("joe", "ann", "bob"), LETTER);
    assertThat(collect()).isEqualTo(1);
    Notice notice = (Notice) only("report");
    assertThat(notice.action()).isEqualTo(Notice.Action.FAILED);
    assertThat(notice.mail().recipients())
        .extracting(r -> r.address() + " " + r.last().orElseThrow().text())
        .containsExactly("ann@a.example no such talk", "bob@a.example no such talk");
    assertThat(notice.mail().envelope().parameters().ret()).contains(MailOptions.Ret.HDRS);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void whatIsRejectedWithoutAReversePathIsDropped() throws Exception {
    verdict = new Verdict.Reject(Reply.of(550, "5.7.1", "no such talk"));
    post(posting("", "ann"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).isEmpty();
    assertThat(waiting()).isEmpty();
    assertThat(stored()).isEmpty();
  }

  @Test
  void whoDoesNotExistIsReportedAndTheOthersGetTheirMail() throws Exception {
    post(posting("joe", "ann", "nobody", "bob"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).extracting(Task::queue).containsExactly("routing", "report");
    Mail mail = (Mail) queued.getFirst().body();
    Notice notice = (Notice) queued.getLast().body();
    assertThat(mail.recipients()).extracting(r -> r.address().localPart()).contains("ann", "bob");
    assertThat(notice.mail().recipients())
        .extracting(Recipient::address)
        .extracting(Object::toString)
        .containsExactly("nobody@a.example");
    // each holds the body under a name of its own, and nobody else does
    assertThat(stored())
        .containsExactlyInAnyOrder(ref(mail.content()), ref(notice.mail().content()));
  }

  @Test
  void heldMailIsHeldAndDiscardedMailIsDropped() throws Exception {
    verdict = new Verdict.Hold("look at it");
    post(posting("joe", "ann"), LETTER);
    collect();
    assertThat(only("hold")).isInstanceOf(Mail.class);
    queued.clear();
    verdict = new Verdict.Discard("away");
    post(posting("joe", "ann"), LETTER);
    assertThat(collect()).isEqualTo(1);
    assertThat(queued).isEmpty();
    assertThat(waiting()).isEmpty();
  }

  @Test
  void deferredMailStaysAndIsTriedAgainAMinuteLater() throws Exception {
    verdict = new Verdict.Defer(Reply.of(451, "4.3.0", "later"));
    post(posting("joe", "ann"), LETTER + "x".repeat(5000) + "\n");
    assertThat(collect()).isZero();
    assertThat(stored()).isEmpty();
    verdict = Verdict.UNDECIDED;
    assertThat(collect()).isZero();
    assertThat(waiting()).hasSize(1);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(collect()).isEqualTo(1);
    assertThat(waiting()).isEmpty();
    assertThat(stored()).hasSize(1);
  }

  @Test
  void whatNoQueueHasStays() throws Exception {
    post(posting("joe", "ann"), LETTER);
    // a route without a queue, a route that breaks, a route that forgets to settle
    assertThat(collector.collect(posts::settle, () -> false)).isZero();
    now = now.plus(Duration.ofMinutes(1));
    Collector.Route broken =
        message -> {
          throw new IllegalStateException("a bug");
        };
    assertThat(collector.collect(broken, () -> false)).isZero();
    now = now.plus(Duration.ofMinutes(1));
    assertThat(collector.collect(message -> message, () -> false)).isZero();
    now = now.plus(Duration.ofMinutes(1));
    assertThat(collect()).isEqualTo(1);
  }

  @Test
  void tooLargeAndLoopingMailIsReported() throws Exception {
    post(posting("joe", "ann"), LETTER + ("x".repeat(99) + "\n").repeat(2500));
    post(posting("joe", "ann"), "Received: a\nReceived: b\n" + LETTER);
    assertThat(collect()).isEqualTo(2);
    assertThat(queued)
        .extracting(task -> ((Notice) task.body()).mail().recipients().getFirst().last().get())
        .extracting(reason -> reason.status() + " " + reason.text())
        .containsExactlyInAnyOrder(
            "5.3.4 Message size exceeds fixed limit", "5.4.0 Error: too many hops");
  }

  @Test
  void mailOfOthersIsHandedOnAsItIs() throws Exception {
    var relayed =
        new Posting(
            "joe@far.example",
            "Joe User",
            List.of("ann"),
            Optional.empty(),
            MailOptions.NONE,
            Posting.Purpose.RELAYED,
            Optional.empty());
    post(relayed, "Subject: x\nBcc: eve\n\nhello\n");
    assertThat(collect()).isEqualTo(1);
    var mail = (Mail) only("routing");
    assertThat(mail.headers().fields())
        .extracting(Headers.Field::name)
        .containsExactly("Received", "Subject", "Bcc");
    assertThat(mail.envelope().client().isPosted()).isFalse();
  }

  @Test
  void whatNobodyCanTellAboutARecipientNowWaitsInAQueue() throws Exception {
    post(posting("joe", "ann", "unclear", "nobody"), LETTER);
    assertThat(collect()).isEqualTo(1);
    assertThat(((Mail) queued.getFirst().body()).recipients())
        .extracting(r -> r.address().localPart())
        .containsExactly("ann", "unclear");
  }

  private static String ref(Content content) {
    return ((Content.Stored) content).ref();
  }
}
