package org.caravanmta.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportsTest {
  private static final Reason UNKNOWN =
      new Reason(
          Status.of("5.1.1"),
          "host mail.rel.example[192.0.2.25] said: 550 5.1.1 <bob@rel.example>: user unknown (in"
              + " reply to RCPT TO command)",
          Optional.of("mail.rel.example"),
          Optional.of("550 5.1.1 <bob@rel.example>: user unknown"));
  private static final Reason LOOP =
      Reason.of("5.4.6", "mail for loop.example loops back to myself");

  @TempDir Path directory;
  private final InstantSource clock =
      InstantSource.fixed(Instant.parse("2026-08-25T10:00:05.000123Z"));
  private Postmaster postmaster =
      new Postmaster(Map.of(), Address.parse("double-bounce@ex.example"));
  private Templates templates = Templates.OURS;
  private Bodies bodies =
      stored -> new ByteArrayInputStream("stored\r\n".getBytes(StandardCharsets.US_ASCII));

  @Test
  void aFailureIsReportedInThreeParts() {
    assertThat(text(report(failed(), 50_000))).isEqualTo(golden("report-failed.eml"));
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
  void reportsAreInTheOperatorsWords() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("bounce.cf"),
            """
            # ours
            failure_template = <<EOF
            Charset: us-ascii
            From: MAILER-DAEMON (The machine)
            Subject: Sorry
            Postmaster-Subject: Somebody is sorry

            I am $myhostname, it costs $$5.
            Asked for ${maximal_queue_lifetime_days} days.
            EOF

            success_template = <<END
            Subject: Done

            It is there.
            END
            """);
    templates =
        Templates.read(
            file, Map.of("myhostname", "mx.ex.example", "maximal_queue_lifetime_days", "5"));
    assertThat(text(report(failed(), 50_000)))
        .contains("\r\nFrom: MAILER-DAEMON@ex.example (The machine)\r\n")
        .contains("\r\nSubject: Sorry\r\n")
        .contains("\r\nI am mx.ex.example, it costs $5.\r\nAsked for 5 days.\r\n\r\n<")
        .doesNotContain("This is the mail system");
    assertThat(text(report(new Notice(Notice.Action.RELAYED, failed().mail()), 50_000)))
        .contains("\r\nSubject: Done\r\n")
        .contains("From: Mail Delivery System <MAILER-DAEMON@ex.example>\r\n")
        .contains("\r\nIt is there.\r\n\r\n<");
    assertThat(text(report(new Notice(Notice.Action.DELAYED, failed().mail()), 50_000)))
        .contains("\r\nSubject: Delayed Mail (still being retried)\r\n")
        .contains("This is the mail system");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failure = <<EOF;EOF | line 1: expected NAME_template",
        "failure_template = <<EOF;;x | line 1: no line EOF ends it",
        "error_template = <<EOF;;x;EOF | line 1: there are failure, delay",
        "#;delay_template = <<EOF;To: x;;x;EOF | line 3: fields are",
        "delay_template = <<EOF;Charset: koi8-r;;x;EOF | line 2: the charset",
        "delay_template = <<EOF;Subject: x;;EOF | a template without a text",
        "delay_template = <<EOF;Subject: x;;for $smtpd_banner;EOF | line 4: nothing is called",
      })
  void aTemplateThatIsNoneIsRefusedWithItsLine(String text, String why) throws IOException {
    Path file = Files.writeString(directory.resolve("bounce.cf"), text.replace(';', '\n') + "\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Templates.read(file, Map.of()))
        .withMessageContaining(why);
  }

  @Test
  void ofALargeMessageOnlyTheHeaderSectionIsReturned() {
    String report = text(report(failed(), 40));
    assertThat(report)
        .contains(
            "Content-Description: Undelivered Message Headers\r\n"
                + "Content-Type: text/rfc822-headers\r\n"
                + "Content-Transfer-Encoding: 7bit\r\n\r\n"
                + "Return-Path: <joe@far.example>\r\n"
                + "Subject: x\r\n")
        .doesNotContain("hello bob");
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
  void storedContentIsReturnedAndContentThatCannotBeReadIsNot() {
    Mail mail = failed().mail().with((Content) new Content.Stored("ref", 8, 0));
    assertThat(text(report(new Notice(Notice.Action.FAILED, mail), 50_000)))
        .contains("\r\n\r\nstored\r\n");
    bodies =
        stored -> {
          throw new IOException("checksum");
        };
    assertThat(text(report(new Notice(Notice.Action.FAILED, mail), 50_000)))
        .contains("text/rfc822-headers");
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
  void eightBitContentIsDeclared() {
    Mail mail =
        failed()
            .mail()
            .with((Content) new Content.Inline("grüße\r\n".getBytes(StandardCharsets.ISO_8859_1)));
    Mail report = report(new Notice(Notice.Action.FAILED, mail), 50_000);
    assertThat(report.envelope().parameters().body()).contains(MailOptions.Body.EIGHTBITMIME);
    assertThat(report.headers().first("Content-Transfer-Encoding").orElseThrow().value())
        .isEqualTo("8bit");
    // what programs read stays in seven bits (RFC 3464 §2.1)
    assertThat(text(report))
        .contains(
            "Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: 7bit\r\n",
            "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n");
    assertThat(new String(((Content.Inline) report.content()).bytes(), StandardCharsets.ISO_8859_1))
        .contains("grüße");
  }

  @Test
  void internationalisedAddressesHaveTheTypesForThem() {
    Mail mail = Letters.letter("Subject: Grüße\r\n", "hello\r\n", "jörg@rel.example");
    mail = mail.with(List.of(mail.recipients().getFirst().because(UNKNOWN)));
    Mail report = report(new Notice(Notice.Action.FAILED, mail), 50_000);
    assertThat(text(report))
        .contains("report-type=delivery-status")
        .contains("Content-Type: message/global-delivery-status\r\n")
        .contains("Content-Type: message/global\r\n")
        .contains("Final-Recipient: utf-8; jörg@rel.example\r\n")
        .contains("Original-Recipient: utf-8;jörg@rel.example\r\n")
        .contains("X-Caravan-Sender: rfc822; joe@far.example\r\n");
    assertThat(report.envelope().parameters().smtputf8()).isTrue();
    assertThat(text(report(new Notice(Notice.Action.EXPANDED, mail), 50_000)))
        .contains("Content-Type: message/global-headers\r\n");
  }

  @Test
  void whoTheSenderNamedIsToldInAFormForTheReport() {
    Recipient ann = failed().mail().recipients().getFirst();
    Mail mail =
        failed()
            .mail()
            .with(
                List.of(
                    new Recipient(
                        ann.address(),
                        ann.address(),
                        ann.notifyOn(),
                        Optional.of("utf-8;m\\x{FC}ller+a@va.example"),
                        ann.last())));
    // RFC 6533 §3: of ASCII where all else is
    assertThat(text(report(new Notice(Notice.Action.FAILED, mail), 50_000)))
        .contains("Content-Type: message/delivery-status\r\n")
        .contains("Original-Recipient: utf-8;m\\x{FC}ller\\x{2B}a@va.example\r\n");
    var e = mail.envelope();
    Mail global =
        mail.with(
            e.with(new MailOptions(Optional.empty(), true, Optional.empty(), Optional.empty())));
    assertThat(text(report(new Notice(Notice.Action.FAILED, global), 50_000)))
        .contains("Content-Type: message/global-delivery-status\r\n")
        .contains("Original-Recipient: utf-8;müller+a@va.example\r\n");
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

  private Mail report(Notice notice, long sizeLimit) {
    return (Mail) reports(sizeLimit).compose(notice).tasks("routing").getFirst().body();
  }

  private Reports reports(long sizeLimit) {
    return new Reports(
        "mx.ex.example",
        new Domain("ex.example"),
        sizeLimit,
        Duration.ofDays(5),
        new QueueIds(clock, 1),
        stored -> bodies.open(stored),
        clock,
        postmaster,
        templates);
  }

  private List<Mail> mails(Notice notice) {
    return reports(50_000).compose(notice).tasks("routing").stream()
        .map(task -> (Mail) task.body())
        .toList();
  }

  private static Mail failed(ReversePath sender) {
    Mail mail = failed().mail();
    return mail.with(mail.envelope().with(sender));
  }

  private static Notice failed() {
    Mail mail =
        Letters.letter(
            "Subject: x\r\nTo: bob@rel.example\r\n",
            "hello bob\r\n",
            "bob@rel.example",
            "carol@loop.example");
    List<Recipient> recipients = mail.recipients();
    Recipient bob =
        Recipient.of(Address.parse("info@va.example"))
            .to(recipients.get(0).address())
            .because(UNKNOWN);
    return new Notice(
        Notice.Action.FAILED, mail.with(List.of(bob, recipients.get(1).because(LOOP))));
  }

  private static String text(Mail mail) {
    return mail.headers()
        + "\r\n"
        + new String(((Content.Inline) mail.content()).bytes(), StandardCharsets.UTF_8);
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
