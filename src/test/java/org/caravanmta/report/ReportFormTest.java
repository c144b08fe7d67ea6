package org.caravanmta.report;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The words, the encodings and the returned part of a report (RFC 3464, RFC 6533).
class ReportFormTest extends ReportedMail {
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
        "failure = <<EOF;EOF | bounce.cf:1: expected NAME_template = <<END, found \"failure ="
            + " <<EOF\"",
        "failure_template = <<EOF;;x | bounce.cf:1: no line EOF ends it",
        "error_template = <<EOF;;x;EOF | bounce.cf:1: expected failure_template, delay_template,"
            + " success_template or verify_template, found \"error_template\"",
        "#;delay_template = <<EOF;To: x;;x;EOF | bounce.cf:3: expected Charset, From, Subject or"
            + " Postmaster-Subject, found \"To\"",
        "delay_template = <<EOF;Charset: utf-16;;x;EOF | bounce.cf:2: expected a charset that"
            + " begins with ASCII, such as us-ascii, utf-8 or iso-8859-1, found \"utf-16\"",
        "delay_template = <<EOF;Charset: ours;;x;EOF | bounce.cf:2: expected a charset that begins"
            + " with ASCII",
        "delay_template = <<EOF;Charset: us-ascii;;grüße;EOF | bounce.cf:4: expected characters of"
            + " the Charset US-ASCII",
        "delay_template = <<EOF;Subject: Grüße;;x;EOF | bounce.cf:2: expected ASCII in Subject:"
            + " write",
        "delay_template = <<EOF;Subject: x;;EOF | bounce.cf:2: expected a text after the fields",
        "delay_template = <<EOF;Subject: x;;for $smtpd_banner;EOF | bounce.cf:4: expected one of",
        "delay_template = <<EOF;Subject: x;;in ${delay_warning_time_years};EOF | bounce.cf:4:"
            + " expected one of",
        "delay_template = <<EOF;Subject: x;;in ${delay;EOF | bounce.cf:4: a { without its end",
      })
  void aTemplateThatIsNoneIsRefusedWithItsLine(String text, String why) throws IOException {
    Path file = Files.writeString(directory.resolve("bounce.cf"), text.replace(';', '\n') + "\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Templates.read(file, Map.of()))
        .withMessageContaining(why);
  }

  /// Acceptance row 201: subject and charset of the operator's, as a file of Postfix's has them.
  @Test
  void theTextIsInTheCharsetOfTheTemplate() throws IOException {
    Path file =
        Files.write(
            directory.resolve("bounce.cf"),
            """
            failure_template = <<EOF
            charset: ISO-8859-1
            SUBJECT: =?iso-8859-1?q?Zur=FCck?=

            Zurück, $$ ${delay_warning_time_hours} h.
            EOF
            """
                .getBytes(StandardCharsets.ISO_8859_1));
    templates = Templates.read(file, Map.of("delay_warning_time_hours", "4"));
    Mail report = report(failed(), 50_000);
    String bytes =
        new String(((Content.Inline) report.content()).bytes(), StandardCharsets.ISO_8859_1);
    assertThat(report.headers().first("Subject").orElseThrow().value())
        .isEqualTo("=?iso-8859-1?q?Zur=FCck?=");
    assertThat(bytes)
        .contains(
            "Content-Type: text/plain; charset=iso-8859-1\r\n"
                + "Content-Transfer-Encoding: 8bit\r\n\r\n"
                + "Zurück, $ 4 h.\r\n");

    // of characters that it has not, all is in UTF-8
    Mail mail = failed().mail();
    Recipient euro = mail.recipients().getFirst().because(Reason.of("5.1.1", "costs 5 €"));
    report = report(new Notice(Notice.Action.FAILED, mail.with(List.of(euro))), 50_000);
    assertThat(text(report)).contains("text/plain; charset=utf-8\r\n", "Zurück", "costs 5 €");
  }

  /// RFC 8689 §5: the report asks for TLS as the message did, and shows none of its body.
  @Test
  void aReportOfMailThatRequiresTlsRequiresItToo() {
    Mail mail = failed().mail();
    mail = mail.with(mail.envelope().with(mail.envelope().parameters().withRequireTls()));
    postmaster =
        new Postmaster(
            Map.of(Postmaster.Concern.DOUBLE_BOUNCE, Address.parse("root@ex.example")),
            postmaster.sender());
    for (var sender : List.of(mail.reversePath(), ReversePath.NULL)) {
      Mail report =
          report(new Notice(Notice.Action.FAILED, mail.with(mail.envelope().with(sender))), 50_000);
      assertThat(report.envelope().parameters().requireTls()).isTrue();
      assertThat(text(report))
          .contains("Content-Type: text/rfc822-headers\r\n", "\r\nSubject: x\r\n")
          .doesNotContain("hello bob");
    }
    assertThat(report(failed(), 50_000).envelope().parameters().requireTls()).isFalse();
  }

  /// Acceptance row 203.
  @Test
  void aReportMayAnswerTheMessageItIsAbout() {
    Mail mail =
        failed()
            .mail()
            .with(
                Headers.parse("Message-ID: <1@far.example>\r\nSubject: x\r\n".getBytes(US_ASCII)));
    var notice = new Notice(Notice.Action.FAILED, mail);
    assertThat(report(notice, 50_000).headers().first("References")).isEmpty();
    threaded = true;
    assertThat(text(report(notice, 50_000)))
        .contains("\r\nReferences: <1@far.example>\r\nIn-Reply-To: <1@far.example>\r\n");
    // no reader finds a message by what is not an identifier
    mail = mail.with(Headers.parse("Message-ID: <1@far.example> <2>\r\n".getBytes(US_ASCII)));
    assertThat(report(notice.with(mail), 50_000).headers().first("References")).isEmpty();
    assertThat(report(failed(), 50_000).headers().first("In-Reply-To")).isEmpty();
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
    mail = mail.with(mail.envelope().with(mail.envelope().parameters().withSmtputf8()));
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

  /// A sender who has not said that he knows of such addresses (an alias has named them) is told in
  /// ASCII (RFC 6533 §3).
  @Test
  void addressesThatTheSenderDidNotNameAreWrittenInAscii() {
    Mail mail = Letters.letter("Subject: x\r\n", "hello\r\n", "info@va.example");
    Recipient aliased =
        mail.recipients()
            .getFirst()
            .to(Address.parse("jörg+a@rel.example"))
            .because(Reason.of("5.1.1", "no <jörg+a@rel.example>"));
    Mail report = report(new Notice(Notice.Action.FAILED, mail.with(List.of(aliased))), 50_000);
    assertThat(report.envelope().parameters().smtputf8()).isFalse();
    assertThat(text(report))
        .contains("Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: 7bit\r\n")
        .contains("Final-Recipient: utf-8; j\\x{F6}rg\\x{2B}a@rel.example\r\n")
        .contains("Original-Recipient: rfc822;info@va.example\r\n")
        .contains("Diagnostic-Code: X-Caravan; no <j?rg+a@rel.example>\r\n")
        .contains("Content-Type: message/rfc822\r\n")
        .contains("<jörg+a@rel.example> (expanded from <info@va.example>)");
  }

  /// Whose address is of ASCII may have a server that does not offer SMTPUTF8: only what can be
  /// returned in no other form has the types of RFC 6533.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "joe@far.example  | Subject: x      | text/plain      | hello | rfc822",
        "joe@far.example  | Subject: x      | text/plain      | grüße | rfc822",
        "joe@far.example  | Subject: Grüße  | text/plain      | hello | global",
        "joe@far.example  | Subject: x      | multipart/mixed | hello | rfc822",
        // where a part may have fields like those of a message
        "joe@far.example  | Subject: x      | multipart/mixed | grüße | global",
        "joe@far.example  | Subject: x      | Message/global  | grüße | global",
        "jörg@far.example | Subject: x      | text/plain      | hello | global",
      })
  void whatWasDeclaredIsReportedInAsciiToAnAddressOfAscii(
      String sender, String subject, String type, String body, String form) throws Exception {
    Mail mail =
        Letters.letter(
            subject + "\r\nContent-Type: " + type + "\r\n", body + "\r\n", "jörg@rel.example");
    mail = mail.with(mail.envelope().with(mail.envelope().parameters().withSmtputf8()));
    mail = mail.with(mail.envelope().with(ReversePath.parse(sender)));
    mail = mail.with(List.of(mail.recipients().getFirst().because(UNKNOWN)));
    Mail report = report(new Notice(Notice.Action.FAILED, mail), 50_000);
    boolean global = form.equals("global");
    assertThat(report.envelope().parameters().smtputf8()).isEqualTo(global);
    assertThat(text(report))
        .contains("Content-Type: message/" + form + "\r\n")
        .contains(
            global
                ? "Content-Type: message/global-delivery-status\r\n"
                : "Content-Type: message/delivery-status\r\n")
        .contains(
            global
                ? "Final-Recipient: utf-8; jörg@rel.example\r\n"
                : "Final-Recipient: utf-8; j\\x{F6}rg@rel.example\r\n");
    assertThat(report.headers().isAscii()).isEqualTo(sender.equals("joe@far.example"));

    // of the header section alone, the content does not matter
    assertThat(text(report(new Notice(Notice.Action.FAILED, mail), mail.headers().length())))
        .contains(
            sender.equals("joe@far.example") && subject.equals("Subject: x")
                ? "Content-Type: text/rfc822-headers\r\n"
                : "Content-Type: message/global-headers\r\n");

    if (report.headers().isAscii()) {
      arrivesWithoutSmtputf8(report);
    }
  }

  /// RFC 6531 §3.5: what does not need SMTPUTF8 goes to a server that does not offer it.
  private static void arrivesWithoutSmtputf8(Mail report) throws Exception {
    var wait = Duration.ofSeconds(30);
    var caller = new SmtpCaller("mx.ex.example", wait, wait, wait);
    try (var server = TestServer.start().offering("8BITMIME");
        var dialogue =
            SmtpDialogue.open(
                new Peer("mx.far.example", server.address()),
                Protocol.SMTP,
                caller,
                Approach.PLAIN)) {
      Bodies none =
          _ -> {
            throw new IOException("nothing is stored");
          };
      assertThat(dialogue.transfer(report, none).attempts())
          .singleElement()
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(server.received().getFirst().text()).isEqualTo(text(report));
      assertThat(server.commands())
          .filteredOn(line -> line.startsWith("MAIL"))
          .singleElement()
          .satisfies(line -> assertThat(line).startsWith("MAIL FROM:<>").doesNotContain("UTF8"));
    }
  }

  /// What we say ourselves is never shown as what a server has said.
  @Test
  void aDiagnosticSaysWhoseItIs() {
    Mail mail = failed().mail();
    Recipient bob = mail.recipients().getFirst();
    var told =
        mail.with(
            List.of(
                bob.because(UNKNOWN),
                bob.because(Reason.of("4.4.1", "550 said we")),
                bob.because(Reason.ofProgram(Status.of("5.3.0"), "Full. Output: no", "no"))));
    assertThat(text(report(new Notice(Notice.Action.FAILED, told), 50_000)))
        .containsSubsequence(
            "Remote-MTA: dns; mail.rel.example\r\n"
                + "Diagnostic-Code: smtp; 550 5.1.1 <bob@rel.example>: user unknown\r\n",
            "Status: 4.4.1\r\nDiagnostic-Code: X-Caravan; 550 said we\r\n",
            "Status: 5.3.0\r\nDiagnostic-Code: x-unix; no\r\n");
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
                e.with(new MailOptions(Optional.empty(), true, Optional.empty(), Optional.empty())))
            .with(Headers.parse("Subject: Grüße\r\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(text(report(new Notice(Notice.Action.FAILED, global), 50_000)))
        .contains("Content-Type: message/global-delivery-status\r\n")
        .contains("Original-Recipient: utf-8;müller+a@va.example\r\n");
  }
}
