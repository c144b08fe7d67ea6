package org.caravanmta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.ConnectionSettings;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.TestServer;
import org.caravanmta.smtp.client.Transfer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reports with the types of RFC 6533 on their way to servers that offer less than they need: their
/// parts may be encoded, their addresses may not (RFC 6531 §3.5, RFC 6532 §3.7, RFC 6533 §6).
class ReportsToOldServersTest extends ReportedMail {
  private static final Duration LONG = Duration.ofSeconds(30);

  /// RFC 6531 §3.1 wants 8BITMIME of who offers SMTPUTF8; where it is missing, parts have seven
  /// bits.
  @ParameterizedTest
  @CsvSource({
    "joe@far.example, SMTPUTF8, true",
    "joe@far.example, PIPELINING, false",
    "jörg@far.example, SMTPUTF8, true"
  })
  void partsAreEncodedForAServerWithout8bitmime(String sender, String offer, boolean declared)
      throws Exception {
    try (var server = TestServer.start().offering(offer)) {
      assertThat(transfer(server, report(sender)).attempts())
          .singleElement()
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(server.commands())
          .filteredOn(line -> line.startsWith("MAIL"))
          .containsExactly("MAIL FROM:<>" + (declared ? " SMTPUTF8" : ""));
      String text = server.received().getFirst().text();
      int section = text.indexOf("\r\n\r\n");
      assertThat(text.substring(0, section))
          .contains("Content-Transfer-Encoding: 7bit")
          .contains("\r\nTo: " + sender + "\r\n");
      String body = text.substring(section);
      assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(body)).isTrue();
      assertThat(body)
          .contains(
              "Content-Type: message/global-delivery-status\r\n"
                  + "Content-Transfer-Encoding: quoted-printable\r\n")
          .contains("Final-Recipient: utf-8; j=C3=B6rg@rel.example")
          .contains(
              "Content-Type: message/global\r\n"
                  + "Content-Transfer-Encoding: quoted-printable\r\n")
          .contains("Subject: Gr=C3=BC=C3=9Fe");
    }
  }

  /// Nobody may write another address for one that the server cannot take (RFC 6530 §8).
  @Test
  void aReportToAnAddressBeyondAsciiDoesNotGoWithoutSmtputf8() throws Exception {
    try (var server = TestServer.start().offering("8BITMIME")) {
      Transfer transfer = transfer(server, report("jörg@far.example"));
      assertThat(transfer.ending()).isEqualTo(Transfer.Ending.UNFIT);
      assertThat(transfer.attempts())
          .singleElement()
          .isInstanceOfSatisfying(
              Attempt.Failed.class,
              failed -> assertThat(failed.reason().status()).hasToString("5.6.7"));
      assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
    }
  }

  private Mail report(String sender) {
    Mail mail = Letters.letter("Subject: Grüße\r\n", "hello\r\n", "jörg@rel.example");
    mail = mail.with(mail.envelope().with(mail.envelope().parameters().withSmtputf8()));
    mail = mail.with(mail.envelope().with(ReversePath.parse(sender)));
    mail = mail.with(List.of(mail.recipients().getFirst().because(UNKNOWN)));
    return report(new Notice(Notice.Action.FAILED, mail), 50_000);
  }

  /// As the settings have it where nobody has changed them: content is converted.
  private static Transfer transfer(TestServer server, Mail report) throws Exception {
    var caller =
        new SmtpCaller(
            "mx.ex.example",
            new ConnectionSettings(LONG, LONG, LONG, Duration.ZERO, 998, true),
            new SmtpCaller("mx.ex.example", LONG, LONG, LONG).settings());
    Bodies none =
        _ -> {
          throw new IOException("nothing is stored");
        };
    try (var dialogue =
        SmtpDialogue.open(
            new Peer("mx.far.example", server.address()), Protocol.SMTP, caller, Approach.PLAIN)) {
      return dialogue.transfer(report, none);
    }
  }
}
