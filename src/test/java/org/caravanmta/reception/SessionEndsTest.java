package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.policy.Case;
import org.junit.jupiter.api.Test;

/// How sessions begin and end, with clients that do not behave and a server that stops.
class SessionEndsTest extends ServedClients {
  @Test
  void whoSpeaksBeforeTheGreetingIsSentAway() {
    Server server = server(Map.of());
    var occupied = new CountDownLatch(1);
    server.sessions.loops().forEach(loop -> loop.execute(() -> pass(occupied)));
    Peer peer = connect(server).send("EHLO client.example\r\n");
    occupied.countDown();
    assertThat(peer.line()).isEqualTo("554 5.5.0 Error: SMTP protocol synchronization");
    assertThat(peer.line()).isEqualTo("(closed)");
  }

  @Test
  void moreSessionsThanAllowedAreToldToComeAgain() {
    Server server = server(Map.of("session-limit", "1"));
    Peer first = connect(server);
    assertThat(first.reply()).startsWith("220 ");
    assertThat(connect(server).reply()).isEqualTo("421 4.3.2 All server ports are busy");
    assertThat(first.ask("NOOP")).startsWith("250 ");
  }

  @Test
  void aSilentClientIsSentAway() {
    Server server = server(Map.of("timeout", "PT0.1S"));
    Peer peer = connect(server);
    assertThat(peer.reply()).startsWith("220 ");
    assertThat(peer.reply()).isEqualTo("421 4.4.2 mx.example.org Error: timeout exceeded");
    assertThat(peer.line()).isEqualTo("(closed)");
  }

  @Test
  void commandsSplitIntoBytesAreCommands() {
    Server server = server(Map.of());
    Peer peer = connect(server);
    peer.reply();
    for (byte b : "EHLO client.example\r\n".getBytes(StandardCharsets.US_ASCII)) {
      peer.send(new byte[] {b});
    }
    assertThat(peer.reply()).isEqualTo("250 LIMITS RCPTMAX=100");
  }

  @Test
  void aClientThatDoesNotReadIsNotHeard() {
    Server server = server(Map.of("error-limit", "1000000", "soft-error-limit", "1000000"));
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    int count = 60_000;
    CompletableFuture<Peer> sent =
        CompletableFuture.supplyAsync(
            () -> peer.send("RCPT TO:<bob@example.org>\r\n".repeat(count)));
    for (int i = 0; i < count; i++) {
      assertThat(peer.line()).isEqualTo("503 5.5.1 Error: need MAIL command");
    }
    assertThat(sent.join().ask("NOOP")).startsWith("250 ");
  }

  @Test
  void theServerDrainsBeforeItStops() throws Exception {
    Server server = server(Map.of());
    Peer idle = connect(server);
    idle.reply();
    Peer busy = connect(server).begin("bob@example.org");
    busy.send("Subject: half a mess");

    assertThat(server.sessions.drain(Duration.ofMillis(1))).isFalse();
    assertThat(server.sessions.welcoming()).isFalse();
    assertThat(idle.reply()).startsWith("421 4.3.2 ");
    assertThat(idle.line()).isEqualTo("(closed)");
    assertThat(connect(server).reply()).startsWith("421 4.3.2 ");

    var drained =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.sessions.drain(Duration.ofSeconds(20));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(busy.ask("age\r\n.")).startsWith("250 2.0.0 Ok: queued as ");
    assertThat(busy.reply()).startsWith("421 4.3.2 ");
    open.forEach(o -> closeQuietly(o instanceof Peer peer ? peer : () -> {}));
    assertThat(drained.join()).isTrue();
  }

  @Test
  void aStoppedRouteStillTellsWhatBecameOfAMessage() throws Exception {
    Server server = server(Map.of());
    var answer = new CountDownLatch(1);
    server.route =
        question -> {
          if (question instanceof Case.Message) {
            pass(answer);
          }
          return server.usual(question);
        };
    Peer idle = connect(server);
    idle.reply();
    Peer busy = connect(server).begin("bob@example.org");
    busy.send("Subject: on its way\r\n.\r\n");
    await().until(() -> server.questions.stream().anyMatch(Case.Message.class::isInstance));

    var stopped =
        CompletableFuture.runAsync(
            () -> {
              try {
                server.camel.getRouteController().stopRoute("smtp");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(idle.reply()).startsWith("421 4.3.2 ");
    answer.countDown();
    assertThat(busy.reply()).startsWith("250 2.0.0 Ok: queued as ");
    assertThat(busy.reply()).startsWith("421 4.3.2 ");
    stopped.join();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
