package org.caravanmta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Verp;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// What reports tell, and to whom (RFC 3464).
class ReportsTest extends ReportedMail {
  @Test
  void aFailureIsReportedInThreeParts() {
    assertThat(text(report(failed(), 50_000))).isEqualTo(golden("report-failed.eml"));
  }

  /// Acceptance row 204.
  @Test
  void withVerpThereIsAReportForEachRecipient() {
    Notice notice = failed();
    Mail list = notice.mail();
    list =
        list.with(
            list.envelope()
                .with(ReversePath.parse("owner@list.example"))
                .with(list.envelope().parameters().with(Verp.USUAL)));
    assertThat(mails(notice.with(list)))
        .extracting(mail -> mail.recipients().getFirst().address().toString())
        .containsExactly(
            "owner+info=va.example@list.example", "owner+carol=loop.example@list.example");
    assertThat(text(mails(notice.with(list)).getFirst()))
        .contains("X-Caravan-Sender: rfc822; owner+info=va.example@list.example\r\n")
        .contains("Return-Path: <owner+info=va.example@list.example>\r\n")
        .doesNotContain("carol");
  }

  @Test
  void aReportIsItselfNeverReported() {
    Mail report = report(failed(), 50_000);
    assertThat(report.reversePath()).isEqualTo(ReversePath.NULL);
    assertThat(report.recipients()).containsExactly(Recipient.of(Address.parse("joe@far.example")));
    assertThat(report.id()).isNotEqualTo("4XyZ12abcdz3k");
    Mail nullSender = failed().mail();
    nullSender = nullSender.with(nullSender.envelope().with(ReversePath.NULL));
    assertThat(
            reports(50_000).compose(new Notice(Notice.Action.FAILED, nullSender)).tasks("routing"))
        .isEmpty();
  }

  /// Postfix: notify_classes = bounce, delay.
  @Test
  void thePostmasterHasACopyWithTheHeaderSection() {
    Address told = Address.parse("postmaster@ex.example");
    postmaster =
        new Postmaster(
            Map.of(Postmaster.Concern.BOUNCE, told, Postmaster.Concern.DELAY, told),
            Address.parse("double-bounce@ex.example"));
    List<Mail> mails = mails(failed());
    assertThat(mails).hasSize(2);
    Mail copy = mails.getLast();
    assertThat(copy.reversePath()).hasToString("double-bounce@ex.example");
    assertThat(copy.recipients()).containsExactly(Recipient.of(told));
    assertThat(text(copy))
        .contains("\r\nSubject: Postmaster Copy: Undelivered Mail\r\n")
        .contains("\r\nTo: postmaster@ex.example\r\n")
        .contains("user unknown")
        .contains("Content-Type: text/rfc822-headers")
        .doesNotContain("hello bob");
    assertThat(text(mails.getFirst())).contains("hello bob");

    Mail late = mails(new Notice(Notice.Action.DELAYED, failed().mail())).getLast();
    assertThat(text(late)).contains("\r\nSubject: Postmaster Warning: Delayed Mail\r\n");
    assertThat(mails(new Notice(Notice.Action.DELIVERED, failed().mail()))).hasSize(1);

    // what cannot be delivered of these is told to nobody
    assertThat(mails(new Notice(Notice.Action.FAILED, failed(copy.reversePath())))).isEmpty();
    assertThat(mails(new Notice(Notice.Action.FAILED, failed(ReversePath.NULL)))).isEmpty();
  }

  /// Postfix: notify_classes = 2bounce.
  @Test
  void mailOfNobodyIsThePostmasters() {
    Address told = Address.parse("root@ex.example");
    postmaster =
        new Postmaster(
            Map.of(Postmaster.Concern.DOUBLE_BOUNCE, told),
            Address.parse("double-bounce@ex.example"));
    Mail copy = mails(new Notice(Notice.Action.FAILED, failed(ReversePath.NULL))).getFirst();
    assertThat(copy.recipients()).containsExactly(Recipient.of(told));
    assertThat(text(copy)).contains("Return-Path: <>\r\n").contains("hello bob");
    assertThat(mails(failed())).hasSize(1);
    assertThat(
            mails(
                new Notice(
                    Notice.Action.FAILED, failed(ReversePath.parse("Double-Bounce@EX.example")))))
        .isEmpty();
    assertThat(mails(new Notice(Notice.Action.DELAYED, failed(ReversePath.NULL)))).isEmpty();
  }

  @Test
  void oneReportTellsOfAllThatWentWellEachByItsAction() {
    Mail mail = failed().mail();
    var sent = Reason.of("2.0.0", "250 ok");
    var local = mail.with(List.of(Recipient.of(Address.parse("ann@own.example")).because(sent)));
    var remote = mail.with(List.of(Recipient.of(Address.parse("bob@rel.example")).because(sent)));
    String report =
        text(
            report(
                new Notice(
                    Notice.Action.DELIVERED,
                    local,
                    List.of(new Notice(Notice.Action.RELAYED, remote))),
                50_000));
    assertThat(report)
        .containsSubsequence(
            "has been delivered to the recipients",
            "<ann@own.example>: 250 ok",
            "handed to the next mail server",
            "<bob@rel.example>: 250 ok",
            "Final-Recipient: rfc822; ann@own.example",
            "Action: delivered",
            "Final-Recipient: rfc822; bob@rel.example",
            "Action: relayed")
        .containsOnlyOnce("Subject: Successful Mail Delivery Report");
  }

  @Test
  void whatTheSenderAskedForIsKept() {
    Mail mail = failed().mail();
    Envelope e = mail.envelope();
    var parameters =
        new MailOptions(
            Optional.empty(), false, Optional.of(MailOptions.Ret.HDRS), Optional.of("QQ+2B314"));
    var bob =
        new Recipient(
            Address.parse("bob@rel.example"),
            Address.parse("bob@rel.example"),
            Optional.empty(),
            Optional.of("rfc822;sales+2Bx@va.example"),
            Optional.of(UNKNOWN));
    mail = mail.with(e.with(List.of(bob)).with(parameters));
    assertThat(text(report(new Notice(Notice.Action.FAILED, mail), 50_000)))
        .contains("Original-Envelope-Id: QQ+314\r\n")
        .contains("Original-Recipient: rfc822;sales+x@va.example\r\n")
        .contains("text/rfc822-headers")
        .doesNotContain("hello bob");
  }

  @Test
  void aDelayIsReportedWithTheTimeOfTheLastTry() {
    assertThat(text(report(new Notice(Notice.Action.DELAYED, failed().mail()), 50_000)))
        .contains("Subject: Delayed Mail (still being retried)\r\n")
        .contains("Action: delayed\r\n")
        .contains("Will-Retry-Until: Sun, 30 Aug 2026 10:00:00 +0000\r\n")
        .contains("text/rfc822-headers")
        .doesNotContain("hello bob");
  }

  @Test
  void successIsToldWithoutReturningTheMessage() {
    String report = text(report(new Notice(Notice.Action.RELAYED, failed().mail()), 50_000));
    assertThat(report)
        .contains(
            "Subject: Successful Mail Delivery Report", "Action: relayed", "text/rfc822-headers");
  }

  @Test
  void aVerificationSaysWhoCouldBeWrittenTo() {
    Mail mail = Letters.to("a@ex.example", "b@ex.example");
    var told =
        mail.with(
            List.of(
                mail.recipients().get(0).because(Reason.of("2.1.5", "would go to ex.example")),
                mail.recipients().get(1).because(Reason.of("5.1.1", "User unknown"))));
    assertThat(text(report(new Notice(Notice.Action.VERIFIED, told), 50_000)))
        .contains(
            "Subject: Mail Delivery Status Report\r\n",
            "<a@ex.example>: would go to ex.example\r\n",
            "rfc822;a@ex.example\r\nAction: deliverable\r\nStatus: 2.1.5\r\n",
            "rfc822;b@ex.example\r\nAction: undeliverable\r\nStatus: 5.1.1\r\n")
        .doesNotContain("message/rfc822");
  }

  private List<Mail> mails(Notice notice) {
    return reports(50_000).compose(notice).tasks("routing").stream()
        .map(task -> (Mail) task.body())
        .toList();
  }

  private static String golden(String name) {
    try (var in =
        Objects.requireNonNull(ReportsTest.class.getResourceAsStream("/messages/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
