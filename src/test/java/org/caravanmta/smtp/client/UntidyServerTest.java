package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that say yes in an untidy way, at any step, have the message once and are asked no more;
/// those that take a few recipients at a time have all of them.
class UntidyServerTest {
  private static final Bodies NOTHING_STORED =
      stored -> {
        throw new IOException("nothing is stored");
      };

  private final TestServer server = TestServer.start();
  private SmtpCaller caller =
      new SmtpCaller(
          "relay.example", Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%d-one\n%d",
        "%d-2.0.0 queued\n as 4711\n%d ok",
        "hello\n%d ok",
        "\n\n%d ok",
        "%d\tok",
        "%d-a\n\nb\n%d-\n%d c",
        "999-a\n%d b",
        "%d 5.7.1 fine"
      })
  void aPositiveReplyIsTakenAsPositiveAtEveryStep(String form) throws Unreachable {
    for (String offered : List.of("SIZE", "PIPELINING")) {
      server
          .offering(offered)
          .greeting(form.replace("%d", "220"))
          .on("EHLO", "hello\n\n250-mx.test\n250-\n folded\n251 " + offered)
          .on("MAIL", form.replace("%d", "250"))
          .on("RCPT", form.replace("%d", "251"))
          .on("DATA", "354 go")
          .on(".", form.replace("%d", "250"));
      try (SmtpDialogue dialogue = open()) {
        for (int i = 0; i < 2; i++) {
          Transfer transfer = dialogue.transfer(Letters.to("a@ex.example"), NOTHING_STORED);
          assertThat(transfer.attempts()).allMatch(Attempt.Delivered.class::isInstance);
          assertThat(transfer.ending()).isEqualTo(Ending.REUSABLE);
        }
      }
    }
  }

  @Test
  void hundredsOfLinesAreAReplyToo() throws Unreachable {
    server
        .on("EHLO", "250-mx.test\n" + "250-X-THING\n".repeat(1000) + "250 SIZE")
        .on("RCPT", "250-x\n".repeat(300) + "250 " + "long".repeat(3000))
        .on(".", "250-line\n".repeat(4000) + "250 2.0.0 queued");
    assertThat(transfer(Letters.to("a@ex.example")).attempts())
        .allMatch(Attempt.Delivered.class::isInstance);
  }

  @Test
  void anAnswerToTheEndOfDataThatMeansNothingIsNotSoughtElsewhere() throws Unreachable {
    for (String odd : List.of("354 go", "150 wait", "000 what")) {
      server.on(".", odd);
      Transfer transfer = transfer(Letters.to("a@ex.example"));
      assertThat(transfer.attempts()).allMatch(Attempt.Deferred.class::isInstance);
      assertThat(transfer.ending()).isEqualTo(Ending.FINAL);
    }
    server.on(".", "650 5.0.0 no");
    assertThat(transfer(Letters.to("a@ex.example")).attempts())
        .allMatch(Attempt.Failed.class::isInstance);
  }

  @Test
  void extensionsAreReadWhateverStandsAroundThem() throws Unreachable {
    server.on(
        "EHLO", "250-mx.test\n250-pipelining yes\n250-SIZE=1000\n250-\n250- 8bitmime\n250 dsn ");
    try (SmtpDialogue dialogue = open()) {
      Capabilities offered = dialogue.capabilities();
      assertThat(offered.pipelining()).isTrue();
      assertThat(offered.largest()).isEqualTo(1000);
      assertThat(offered.eightBitMime()).isTrue();
      assertThat(offered.dsn()).isTrue();
    }
  }

  @Test
  void inLmtpARecipientWhoseReplyIsInDoubtIsNotTakenForDelivered() throws Unreachable {
    caller =
        new SmtpCaller(
            "relay.example",
            caller.connection().connectTimeout(),
            Duration.ofMillis(300),
            Duration.ofMillis(300));
    server.lmtp().offering("SIZE").on(".", "250 a", "what?", "250 c", TestServer.CLOSE);
    Mail mail = Letters.to("a@ex.example", "b@ex.example", "c@ex.example");
    try (var dialogue = SmtpDialogue.open(peer(), Protocol.LMTP, caller, Approach.PLAIN)) {
      Transfer transfer = dialogue.transfer(mail, NOTHING_STORED);
      assertThat(kinds(transfer)).containsExactly("Delivered", "Deferred", "Deferred");
      assertThat(transfer.ending()).isEqualTo(Ending.FINAL);
    }
    server.on(".", "what?\n250 a", "250 b", "550 5.2.2 c");
    try (var dialogue = SmtpDialogue.open(peer(), Protocol.LMTP, caller, Approach.PLAIN)) {
      assertThat(kinds(dialogue.transfer(mail, NOTHING_STORED)))
          .containsExactly("Delivered", "Delivered", "Failed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "452 4.5.3 Error",
        "552 too many recipients",
        "452 Too many recipients this session",
        "451 4.5.3 recipient limit reached",
        "552 5.5.3 maximum of 3 rcpts exceeded"
      })
  void whomAServerTakesNoMoreAtATimeHasTheNextTransaction(String refusal) throws Unreachable {
    for (String offered : List.of("SIZE", "PIPELINING")) {
      server
          .offering(offered)
          .on(
              "RCPT", "250 a", "250 b", "250 c", refusal, refusal, refusal, refusal, "250 d",
              "250 e", "250 f", refusal, "250 g");
      int before = server.received().size();
      Transfer transfer =
          transfer(
              Letters.to(
                  IntStream.rangeClosed(1, 7)
                      .mapToObj(i -> "u" + i + "@ex.example")
                      .toArray(String[]::new)));
      assertThat(kinds(transfer)).containsOnly("Delivered");
      assertThat(transfer.ending()).isEqualTo(Ending.REUSABLE);
      assertThat(server.received().subList(before, server.received().size()))
          .extracting(received -> received.recipients().size())
          .containsExactly(3, 3, 1);
    }
  }

  @Test
  void aFullMailboxIsNotARecipientLimit() throws Unreachable {
    server.on("RCPT", "250 a", "452 4.2.2 mailbox full", "552 5.2.2 over quota");
    assertThat(kinds(transfer(Letters.to("a@ex.example", "b@ex.example", "c@ex.example"))))
        .containsExactly("Delivered", "Deferred", "Failed");
    // nobody was taken: another transaction would come to the same
    server.on("RCPT", "452 4.5.3 too many recipients");
    assertThat(kinds(transfer(Letters.to("a@ex.example", "b@ex.example"))))
        .containsOnly("Deferred");
    // what was refused as a whole is not put to it again
    server.on("RCPT", "250 a", "552 5.5.3 too many recipients").on(".", "451 4.3.0 later");
    assertThat(kinds(transfer(Letters.to("a@ex.example", "b@ex.example"))))
        .containsOnly("Deferred");
  }

  private static List<String> kinds(Transfer transfer) {
    return transfer.attempts().stream().map(a -> a.getClass().getSimpleName()).toList();
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
}
