package org.caravanmta.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.client.Letters;
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
}
