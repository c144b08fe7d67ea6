package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What goes wrong on the way is deferred, and says where it went wrong.
class BrokenDialogueTest {
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
  @CsvSource({
    "MAIL, sending MAIL FROM, LOST",
    "RCPT, sending RCPT TO, LOST",
    "DATA, sending DATA command, LOST",
    "., sending end of data -- message may be sent more than once, FINAL"
  })
  void aLostConnectionOrSilenceDefers(String command, String stage, Ending ending)
      throws Unreachable {
    server.offering("SIZE").on(command, TestServer.CLOSE);
    Transfer lost = transfer(Letters.to("a@ex.example"));
    assertThat(lost.attempts())
        .containsExactly(
            deferred("4.4.2", "lost connection with mx.example[127.0.0.1] while " + stage));
    assertThat(lost.ending()).isEqualTo(ending);

    server.on(command, TestServer.SILENCE);
    caller =
        new SmtpCaller(
            "relay.example",
            caller.connection().connectTimeout(),
            Duration.ofMillis(150),
            Duration.ofMillis(150));
    Transfer silent = transfer(Letters.to("a@ex.example"));
    assertThat(silent.attempts())
        .containsExactly(
            deferred("4.4.2", "conversation with mx.example[127.0.0.1] timed out while " + stage));
    assertThat(silent.ending()).isEqualTo(ending);
  }

  @Test
  void aServerThatStopsReadingDoesNotHoldTheMessageForEver() throws Exception {
    try (var deaf = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> deafServer(deaf));
      caller =
          new SmtpCaller(
              "relay.example",
              caller.connection().connectTimeout(),
              Duration.ofMillis(300),
              caller.connection().dataTimeout());
      var peer = new Peer("deaf.example", (InetSocketAddress) deaf.getLocalSocketAddress());
      try (var dialogue = SmtpDialogue.open(peer, Protocol.SMTP, caller, Approach.PLAIN)) {
        Transfer transfer =
            dialogue.transfer(
                Letters.letter("Subject: x\r\n", "y".repeat(30_000_000), "a@ex.example"),
                NOTHING_STORED);
        assertThat(transfer.attempts())
            .containsExactly(
                deferred(
                    "4.4.2",
                    "conversation with deaf.example[127.0.0.1] timed out while sending message"
                        + " body"));
      }
    }
  }

  @Test
  void whatIsNotAnAnswerDefers() throws Unreachable {
    caller =
        new SmtpCaller(
            "relay.example",
            caller.connection().connectTimeout(),
            Duration.ofMillis(150),
            Duration.ofMillis(150));
    server.offering("SIZE").on("RCPT", "hello?");
    assertThat(transfer(Letters.to("a@ex.example")).attempts())
        .containsExactly(
            deferred(
                "4.4.2",
                "conversation with mx.example[127.0.0.1] timed out while sending RCPT TO"));
    server.on("RCPT", "354 what?");
    assertThat(transfer(Letters.to("a@ex.example")).attempts())
        .allMatch(Attempt.Deferred.class::isInstance);
    caller =
        new SmtpCaller(
            "relay.example",
            caller.connection().connectTimeout(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
    server.on("RCPT", "250-" + "for ever\n250-".repeat(500_000));
    Transfer endless = transfer(Letters.to("a@ex.example"));
    assertThat(reason(endless.attempts().getFirst()).text()).contains("bytes");
  }

  @Test
  void aServerThatDoesNotGreetIsUnreachable() {
    server.greeting("554 5.7.1 go away");
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            Unreachable.class,
            e -> {
              assertThat(e.reason().text())
                  .isEqualTo("host mx.example[127.0.0.1] refused to talk to me: 554 5.7.1 go away");
              assertThat(e.reason().status().toString()).isEqualTo("4.7.1");
            });
    server.close();
    assertThatThrownBy(this::open)
        .hasMessage("connect to mx.example[127.0.0.1]:" + server.port() + ": Connection refused");
  }

  @Test
  void storedContentIsStreamedAndDamagedContentNeverEndsWithADot() throws Unreachable {
    byte[] bytes = ("line\r\n".repeat(20_000)).getBytes(StandardCharsets.US_ASCII);
    Mail mail =
        Letters.to("a@ex.example").with((Content) new Content.Stored("ref", bytes.length, 0));
    try (SmtpDialogue dialogue = open()) {
      assertThat(dialogue.transfer(mail, stored -> new ByteArrayInputStream(bytes)).ending())
          .isEqualTo(Ending.REUSABLE);
    }
    assertThat(server.received().getFirst().text())
        .isEqualTo("Subject: x\r\n\r\n" + "line\r\n".repeat(20_000));

    Bodies torn =
        stored ->
            new InputStream() {
              private int left = 50_000;

              @Override
              public int read() throws IOException {
                if (left-- <= 0) {
                  throw new IOException("checksum");
                }
                return 'x';
              }
            };
    for (Bodies bodies :
        List.of(torn, s -> new ByteArrayInputStream(bytes, 0, 1000), NOTHING_STORED)) {
      try (SmtpDialogue dialogue = open()) {
        Transfer transfer = dialogue.transfer(mail, bodies);
        assertThat(reason(transfer.attempts().getFirst()).status().toString()).isEqualTo("4.3.0");
        assertThat(transfer.ending()).isEqualTo(Ending.FINAL);
      }
    }
    assertThat(server.received()).hasSize(1);
  }

  private void deafServer(ServerSocket listener) {
    try (var socket = listener.accept()) {
      var out = socket.getOutputStream();
      out.write(
          "220 deaf\r\n250 deaf\r\n250 Ok\r\n250 Ok\r\n354 go\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      while (!listener.isClosed()) {
        LockSupport.parkNanos(10_000_000);
      }
    } catch (IOException e) {
      // closed
    }
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

  private static Attempt deferred(String status, String text) {
    return new Attempt.Deferred(Reason.of(status, text));
  }

  private static Reason reason(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Failed(Reason reason) -> reason;
      case Attempt.Deferred(Reason reason) -> reason;
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
