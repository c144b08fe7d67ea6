package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A server that says why and goes: its words count, not that the connection was lost.
class LastWordsTest {
  private static final Bodies NOTHING_STORED =
      stored -> {
        throw new IOException("nothing is stored");
      };

  /// The beginning of the message.
  private static final String CONTENT = "Subject";

  private static final int LARGE = 40_000_000;

  private enum Manner {
    /// Says them, then resets the connection.
    RESETS,
    /// Says them, then closes it.
    CLOSES,
    /// Says them and reads no more.
    STOPS_READING,
    /// Says them, and takes all the rest.
    READS_ON
  }

  private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
  private final CountDownLatch over = new CountDownLatch(1);

  LastWordsTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    over.countDown();
    listener.close();
  }

  @ParameterizedTest
  @CsvSource({
    "RESETS, 552 5.3.4 too large, Failed, 5.3.4",
    "CLOSES, 554 5.7.1 a virus, Failed, 5.7.1",
    "CLOSES, 451 4.3.0 scanner away, Deferred, 4.3.0",
    "RESETS, 421 4.3.2 shutting down, Deferred, 4.3.2",
    "STOPS_READING, 552 no more, Failed, 5.0.0",
    "READS_ON, 550 5.7.0 spam, Failed, 5.7.0",
    "CLOSES, 250 2.0.0 thanks, Deferred, 4.4.2",
    "RESETS, 354 go on, Deferred, 4.4.2",
    "CLOSES, nonsense, Deferred, 4.4.2"
  })
  void insideTheData(Manner manner, String words, String kind, String status) throws Unreachable {
    Thread.startVirtualThread(() -> serve(CONTENT, manner, words));
    Transfer transfer = send(LARGE);
    assertThat(transfer.attempts().getFirst().getClass().getSimpleName()).isEqualTo(kind);
    Reason reason = reason(transfer.attempts().getFirst());
    assertThat(reason.status()).hasToString(status);
    assertThat(reason.text())
        .contains(status.equals("4.4.2") ? "while sending message body" : words);
    // no dot: another server may have it
    assertThat(transfer.ending()).isEqualTo(Ending.LOST);
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL, 554 5.7.1 not from there, Failed, 5.7.1",
    "RCPT, 550 5.1.1 nobody, Failed, 5.1.1",
    "RCPT, 421 4.7.0 busy, Deferred, 4.7.0",
    "DATA, 451 4.3.0 later, Deferred, 4.3.0"
  })
  void beforeOurCommandsAreThrough(String verb, String words, String kind, String status)
      throws Unreachable {
    for (Manner manner : new Manner[] {Manner.CLOSES, Manner.RESETS}) {
      Thread.startVirtualThread(() -> serve(verb, manner, words));
      Transfer transfer = send(10);
      assertThat(transfer.attempts().getFirst().getClass().getSimpleName())
          .as("%s: %s", manner, transfer)
          .isEqualTo(kind);
      assertThat(reason(transfer.attempts().getFirst()).status()).hasToString(status);
    }
  }

  private Transfer send(int size) throws Unreachable {
    var caller =
        new SmtpCaller(
            "relay.example", Duration.ofSeconds(5), Duration.ofMillis(700), Duration.ofSeconds(5));
    var peer = new Peer("mx.example", (InetSocketAddress) listener.getLocalSocketAddress());
    try (var dialogue = SmtpDialogue.open(peer, Protocol.SMTP, caller, Approach.PLAIN)) {
      return dialogue.transfer(
          Letters.letter(
              "Subject: x\r\n", ("y".repeat(78) + "\r\n").repeat(size / 80), "a@ex.example"),
          NOTHING_STORED);
    }
  }

  private void serve(String verb, Manner manner, String words) {
    try (Socket socket = listener.accept()) {
      socket.setTcpNoDelay(true); // or a reset would take the words back
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      say(socket, "220 mx");
      while (true) {
        String line = in.readLine();
        if (line == null) {
          return;
        }
        if (line.equals("DATA") && verb.equals(CONTENT)) {
          say(socket, "354 go");
          continue;
        }
        if (line.startsWith(verb)) {
          last(socket, in, manner, words);
          return;
        }
        say(socket, line.startsWith("EHLO") ? "250-mx\r\n250 PIPELINING" : "250 Ok");
      }
    } catch (IOException e) {
      // the client has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void last(Socket socket, BufferedReader in, Manner manner, String words)
      throws IOException, InterruptedException {
    say(socket, words);
    switch (manner) {
      case RESETS -> socket.setSoLinger(true, 0);
      case CLOSES -> socket.shutdownOutput();
      case STOPS_READING -> over.await();
      case READS_ON -> {
        while (in.readLine() != null) {
          // the rest
        }
      }
    }
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static Reason reason(Attempt attempt) {
    return switch (attempt) {
      case Attempt.Failed(Reason reason) -> reason;
      case Attempt.Deferred(Reason reason) -> reason;
      case Attempt.Delivered delivered -> throw new AssertionError(delivered);
    };
  }
}
