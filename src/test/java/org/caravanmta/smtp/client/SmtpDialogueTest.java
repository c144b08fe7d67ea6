package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Client;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpDialogueTest {
  private static final Bodies NOTHING_STORED =
      stored -> {
        throw new IOException("nothing is stored");
      };

  private final TestServer server = TestServer.start();
  private final SmtpCaller caller =
      new SmtpCaller(
          "relay.example", Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PIPELINING", "SIZE"})
  void aMessageArrivesByteForByte(String extension) throws Unreachable {
    server.offering(extension);
    String body = ".\r\n..two dots\r\n.\r\nmid . dot\r\n" + "x".repeat(100_000) + "\r\n.end";
    Transfer transfer =
        transfer(Letters.letter("Subject: x\r\nTo: a\r\n", body, "ann@ex.example", "b@ex.example"));
    assertThat(server.received()).hasSize(1);
    var received = server.received().getFirst();
    assertThat(received.text()).isEqualTo("Subject: x\r\nTo: a\r\n\r\n" + body + "\r\n");
    assertThat(received.from()).isEqualTo("joe@far.example");
    assertThat(received.recipients()).containsExactly("ann@ex.example", "b@ex.example");
    assertThat(transfer.attempts())
        .containsOnly(
            new Attempt.Delivered(
                "250 2.0.0 Ok: queued as T1", "mx.example[127.0.0.1]:" + server.port()));
    assertThat(transfer.ending()).isEqualTo(Ending.REUSABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PIPELINING", "SIZE"})
  void aRefusedRecipientFailsAloneAndTheOthersHaveTheirMail(String extension) throws Unreachable {
    server
        .offering(extension)
        .on("RCPT TO:<bob", "550 5.1.1 no bob here")
        .on("RCPT TO:<cec", "450 4.2.1 mailbox busy");
    Transfer transfer = transfer(Letters.to("ann@ex.example", "bob@ex.example", "cec@ex.example"));
    assertThat(transfer.attempts().get(0)).isInstanceOf(Attempt.Delivered.class);
    assertThat(transfer.attempts().get(1))
        .isEqualTo(
            new Attempt.Failed(
                new Reason(
                    Status.of("5.1.1"),
                    "host mx.example[127.0.0.1] said: 550 5.1.1 no bob here (in reply to RCPT TO"
                        + " command)",
                    Optional.of("mx.example"),
                    Optional.of("550 5.1.1 no bob here"))));
    assertThat(reason(transfer.attempts().get(2)).status().toString()).isEqualTo("4.2.1");
    assertThat(server.received().getFirst().recipients()).containsExactly("ann@ex.example");
  }

  @Test
  void whenEveryRecipientIsRefusedTheTransactionIsResetAndTheConnectionStays() throws Unreachable {
    for (String extension : List.of("SIZE", "PIPELINING")) {
      server.offering(extension).on("RCPT", "550 5.7.1 no", "250 Ok");
      try (SmtpDialogue dialogue = open()) {
        assertThat(dialogue.transfer(Letters.to("a@ex.example"), NOTHING_STORED).attempts())
            .allMatch(Attempt.Failed.class::isInstance);
        assertThat(server.commands()).endsWith("RSET");
        assertThat(dialogue.transfer(Letters.to("a@ex.example"), NOTHING_STORED).attempts())
            .allMatch(Attempt.Delivered.class::isInstance);
      }
    }
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void aContentFilterIsToldWhomTheMessageIsFrom() throws Unreachable {
    server.offering("XFORWARD NAME ADDR PROTO HELO SOURCE IDENT").on("XFORWARD", "501 5.5.4 no");
    Mail mail = Letters.to("ann@ex.example");
    transfer(mail);
    assertThat(server.commands()).noneMatch(command -> command.startsWith("XFORWARD"));
    try (SmtpDialogue dialogue =
        SmtpDialogue.open(peer(), Protocol.SMTP, caller.withXforward(true), Approach.PLAIN)) {
      // a filter that does not want to hear it gets the message all the same
      assertThat(dialogue.transfer(mail, NOTHING_STORED).attempts())
          .allMatch(Attempt.Delivered.class::isInstance);
    }
    Client client = mail.envelope().client();
    assertThat(server.commands())
        .filteredOn(command -> command.startsWith("XFORWARD"))
        .singleElement()
        .asString()
        .contains(" ADDR=192.0.2.7 ")
        .contains(" IDENT=" + mail.id())
        .contains(client.trusted() ? " SOURCE=LOCAL" : " SOURCE=REMOTE")
        .doesNotContain(" PORT=");
  }

  @Test
  void aServerThatWantsContentForNobodyGetsNone() throws Unreachable {
    server.on("RCPT", "550 5.1.1 no").on("DATA", "354 anyway").on(".", "554 5.5.1 none");
    Transfer transfer = transfer(Letters.to("a@ex.example"));
    assertThat(transfer.attempts()).allMatch(Attempt.Failed.class::isInstance);
    assertThat(server.received()).isEmpty();
    assertThat(transfer.ending()).isEqualTo(Ending.REUSABLE);
  }

  @Test
  void whatTheServerSaysOfSenderOrContentHoldsForAll() throws Unreachable {
    server.on("MAIL", "552 5.3.4 too big", "250 Ok").on(".", "451 4.3.0 later");
    try (SmtpDialogue dialogue = open()) {
      var refused = dialogue.transfer(Letters.to("a@ex.example", "b@ex.example"), NOTHING_STORED);
      assertThat(refused.attempts())
          .extracting(a -> reason(a).text())
          .containsOnly(
              "host mx.example[127.0.0.1] said: 552 5.3.4 too big (in reply to MAIL FROM command)");
      var later = dialogue.transfer(Letters.to("a@ex.example"), NOTHING_STORED);
      assertThat(later.attempts().getFirst()).isInstanceOf(Attempt.Deferred.class);
      assertThat(reason(later.attempts().getFirst()).text())
          .endsWith("said: 451 4.3.0 later (in reply to end of DATA command)");
    }
  }

  @Test
  void lmtpAnswersForEachRecipient() throws Unreachable {
    server.lmtp().on(".", "250 2.1.5 ann has it", "552 5.2.2 bob is full", "452 4.2.2 cec too");
    try (var dialogue = SmtpDialogue.open(peer(), Protocol.LMTP, caller, Approach.PLAIN)) {
      var attempts =
          dialogue
              .transfer(
                  Letters.to("ann@ex.example", "bob@ex.example", "cec@ex.example"), NOTHING_STORED)
              .attempts();
      assertThat(attempts.get(0)).isInstanceOf(Attempt.Delivered.class);
      assertThat(reason(attempts.get(1)).status().toString()).isEqualTo("5.2.2");
      assertThat(attempts.get(2)).isInstanceOf(Attempt.Deferred.class);
    }
    assertThat(server.commands()).startsWith("LHLO relay.example");
  }

  @Test
  void aReplyWithoutAStatusOrWithOneOfAnotherClassHasTheGeneralOne() throws Unreachable {
    server
        .on("RCPT TO:<a", "550 no")
        .on("RCPT TO:<b", "550 4.1.1 no")
        .on("RCPT TO:<c", "550-5.1.1 no\n550 5.1.1 never");
    var attempts = transfer(Letters.to("a@e.example", "b@e.example", "c@e.example")).attempts();
    assertThat(attempts)
        .extracting(a -> reason(a).status().toString())
        .containsExactly("5.0.0", "5.0.0", "5.1.1");
    assertThat(reason(attempts.get(2)).reply()).contains("550 5.1.1 no never");
  }

  @Test
  void aServerOfTheOldKindIsGreetedWithHelo() throws Unreachable {
    server.on("EHLO", "502 what?");
    transfer(Letters.to("a@ex.example"));
    assertThat(server.commands())
        .startsWith("EHLO relay.example", "HELO relay.example", "MAIL FROM:<joe@far.example>");
    assertThat(server.received()).hasSize(1);
  }

  @Test
  void parametersGoOnlyToAServerThatOffersThem() throws Unreachable {
    Mail plain = Letters.to("ann@ex.example");
    Envelope e = plain.envelope();
    var ann =
        new Recipient(
            Address.parse("ann@ex.example"),
            Address.parse("info+x@va.example"),
            Optional.of(new Notify(Set.of(Notify.Event.FAILURE, Notify.Event.SUCCESS))),
            Optional.empty(),
            Optional.empty());
    var mail =
        plain.with(
            e.with(List.of(ann))
                .with(
                    new MailOptions(
                        Optional.of(MailOptions.Body.EIGHTBITMIME),
                        true,
                        Optional.of(MailOptions.Ret.HDRS),
                        Optional.of("QQ314"))));
    server.offering("DSN", "SIZE 10000", "8BITMIME", "SMTPUTF8");
    transfer(mail);
    assertThat(server.commands())
        .contains(
            "MAIL FROM:<joe@far.example> SIZE=21 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314",
            "RCPT TO:<ann@ex.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;info+2Bx@va.example");
    server.offering();
    transfer(mail);
    assertThat(server.commands())
        .contains("MAIL FROM:<joe@far.example>", "RCPT TO:<ann@ex.example>");
    // RFC 3461 §4.2, §4.4: longer ones a server may refuse, and with them the message
    server.offering("DSN");
    transfer(
        mail.with(
            List.of(
                new Recipient(
                    ann.address(),
                    ann.original(),
                    Optional.empty(),
                    Optional.of("rfc822;" + "x".repeat(600)),
                    Optional.empty()))));
    assertThat(server.commands()).contains("RCPT TO:<ann@ex.example>");
  }

  /// An alias may have put a name there that the client did not know of.
  @Test
  void whetherSmtpUtf8IsNeededIsSeenFromWhatIsSent() throws Unreachable {
    server.offering("SMTPUTF8");
    transfer(Letters.to("j\u00f6rg@ex.example"));
    assertThat(server.commands()).contains("MAIL FROM:<joe@far.example> SMTPUTF8");
    server.offering("SMTPUTF8");
    transfer(Letters.to("joerg@ex.example"));
    assertThat(server.commands()).contains("MAIL FROM:<joe@far.example>");
  }

  /// RFC 8689 §4.2.1.
  @Test
  void whatMustStayWithinTlsGoesOnlyToServersThatKeepItThere() throws Unreachable {
    Mail plain = Letters.to("a@ex.example");
    Mail secret = plain.with(plain.envelope().with(plain.envelope().parameters().withRequireTls()));
    server.offering("REQUIRETLS");
    transfer(secret);
    assertThat(server.commands()).contains("MAIL FROM:<joe@far.example> REQUIRETLS");
    server.offering();
    Transfer refused = transfer(secret);
    assertThat(reason(refused.attempts().getFirst()).status()).hasToString("5.7.30");
    assertThat(refused.ending()).isEqualTo(Transfer.Ending.UNFIT);
    server.offering("REQUIRETLS");
    transfer(plain);
    assertThat(server.commands()).contains("MAIL FROM:<joe@far.example>");
  }

  @Test
  void aMessageTheServerCannotHaveIsNotSentThere() throws Unreachable {
    server.offering("SIZE 20");
    assertThat(reason(transfer(Letters.to("a@ex.example")).attempts().getFirst()).text())
        .isEqualTo("message size 21 exceeds size limit 20 of server mx.example[127.0.0.1]");
    assertThat(
            reason(transfer(Letters.to("jörg@ex.example")).attempts().getFirst())
                .status()
                .toString())
        .isIn("5.6.7", "5.3.4");
    server.offering();
    assertThat(
            reason(transfer(Letters.to("jörg@ex.example")).attempts().getFirst())
                .status()
                .toString())
        .isEqualTo("5.6.7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PIPELINING", "SIZE"})
  void binaryContentGoesByBdatToTheByte(String extension) throws Unreachable {
    Mail mail = binary(".\r\n.\n\0\r no end");
    server.offering(extension, "CHUNKING", "BINARYMIME", "8BITMIME");
    Transfer transfer = transfer(mail);
    assertThat(transfer.attempts()).allMatch(Attempt.Delivered.class::isInstance);
    assertThat(transfer.ending()).isEqualTo(Ending.REUSABLE);
    assertThat(server.received().getFirst().text())
        .isEqualTo("Subject: x\r\n\r\n.\r\n.\n\0\r no end");
    assertThat(server.commands())
        .contains("BDAT " + mail.size() + " LAST")
        .anyMatch(line -> line.endsWith(" BODY=BINARYMIME"))
        .doesNotContain("DATA");
  }

  @Test
  void binaryContentForNobodyIsNotSent() throws Unreachable {
    server.offering("PIPELINING", "CHUNKING", "BINARYMIME").on("RCPT", "550 5.1.1 no");
    Transfer transfer = transfer(binary("\0"));
    assertThat(transfer.attempts()).allMatch(Attempt.Failed.class::isInstance);
    assertThat(server.received()).isEmpty();
    assertThat(server.commands()).contains("RSET");
  }

  @Test
  void binaryContentIsNotForServersThatTakeLines() throws Unreachable {
    server.offering("CHUNKING", "8BITMIME");
    Transfer transfer = transfer(binary("\0"));
    assertThat(reason(transfer.attempts().getFirst()).status()).hasToString("5.6.3");
    assertThat(transfer.ending()).isEqualTo(Ending.UNFIT);
    assertThat(server.commands()).noneMatch(line -> line.startsWith("MAIL"));
  }

  private static Mail binary(String body) {
    Mail mail = Letters.letter("Subject: x\r\n", body, "a@ex.example");
    Envelope e = mail.envelope();
    return mail.with(
        e.with(
            new MailOptions(
                Optional.of(MailOptions.Body.BINARYMIME),
                false,
                Optional.empty(),
                Optional.empty())));
  }

  private Transfer transfer(Mail mail) throws Unreachable {
    try (SmtpDialogue dialogue = open()) {
      return dialogue.transfer(mail, NOTHING_STORED);
    }
  }

  private SmtpDialogue open() throws Unreachable {
    return SmtpDialogue.open(peer(), Protocol.SMTP, caller, Approach.PLAIN);
  }

  private Peer peer() {
    return new Peer("mx.example", server.address());
  }

  private static Reason reason(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Failed(Reason reason) -> reason;
      case Attempt.Deferred(Reason reason) -> reason;
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
