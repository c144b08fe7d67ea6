package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.policy.Case;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A client that has ended its side of the connection still reads (RFC 9293 §3.6): what it has sent
/// is answered, and then the session is over.
class HalfCloseTest {
  private static final String ANN =
      Base64.getEncoder().encodeToString("\0ann\0secret".getBytes(StandardCharsets.US_ASCII));

  private static final Map<String, String> SETTINGS =
      Map.of(
          "tls",
          "may",
          "auth",
          "may",
          "plaintext",
          "yes",
          "inline-limit",
          "10",
          "idle-limit",
          "1000000",
          "soft-error-limit",
          "1",
          "error-delay",
          "PT0.05S");

  @TempDir static Path directory;
  private static Server server;

  @BeforeAll
  static void open() {
    server = new Server(directory, SETTINGS);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @BeforeEach
  void begin() {
    server.queued.clear();
    server.before = question -> {};
  }

  @AfterEach
  void noSessionIsLeft() {
    await().until(() -> server.sessions.count() == 0);
  }

  /// What comes before the end, in turns that wait for each other's replies (`/`): `!` is CRLF, `~`
  /// MAIL and RCPT. The codes of the last turn's replies; how many messages are taken.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                                   | ``                | 0",
        "`NOOP`                               | ``                | 0",
        "`NOOP!`                              | `250`             | 0",
        "`RSET!RSET!HEL`                      | `250 250`         | 0",
        "`QUIT!`                              | `221`             | 0",
        "`~NOOP!`                             | `250 250 250`     | 0",
        "`~/DATA!/S: x!!y!.!`                 | `250`             | 1",
        "`~/DATA!/S: x!!y!.!RSET!QUIT!`       | `250 250 221`     | 1",
        "`~/DATA!/S: x!!y!.!~`                | `250 250 250`     | 1",
        "`~/DATA!/S: x!!y!`                   | ``                | 0",
        "`~/DATA!/S: x!!y!.`                  | ``                | 0",
        "`~DATA!`                             | `250 250 354`     | 0",
        "`~/DATA!/Subject: later!!.!`         | `451`             | 0",
        "`~BDAT 8 LAST!S: x!!`                | `250 250 250`     | 1",
        "`~BDAT 8!S: x!!BDAT 0 LAST!`         | `250 250 250 250` | 1",
        "`~BDAT 8!S: x!!`                     | `250 250 250`     | 0",
        "`~BDAT 9 LAST!S: x!!`                | `250 250`         | 0",
        "`~RCPT TO:<nobody@example.org>!`     | `250 250 550`     | 0",
      })
  void whatWasSentIsAnswered(String sent, String codes, int messages) {
    try (var peer = server.connect()) {
      peer.reply();
      peer.ask("EHLO client.example");
      String[] turns =
          sent.replace("~", "MAIL FROM:<alice@example.net>!RCPT TO:<bob@example.org>!")
              .replace("!", "\r\n")
              .split("/", -1);
      for (int i = 0; i < turns.length - 1; i++) {
        peer.send(turns[i]);
        turns[i].lines().forEach(line -> peer.reply());
      }
      peer.send(turns[turns.length - 1]).finish();

      assertThat(String.join(" ", peer.rest())).isEqualTo(codes);
    }
    assertThat(server.queued).hasSize(messages);
  }

  @Test
  void aRefusedClientsLastWordIsAnswered() {
    try (var peer = server.connect()) {
      peer.reply();
      peer.ask("EHLO client.example");
      peer.send("HUH\r\nWHAT\r\nRSET\r\n").finish();

      assertThat(peer.rest()).as("late, and to the last").containsExactly("500", "500", "250");
    }
  }

  @Test
  void aClientOfAProxyIsAnsweredAndAProxyThatSaysNothingIsLeft(@TempDir Path other) {
    try (var proxied = new Server(other, Map.of("proxies", "127.0.0.0/8"));
        var silent = proxied.connect();
        var cut = proxied.connect();
        var alone = proxied.connect();
        var peer = proxied.connect()) {
      assertThat(silent.finish().rest()).isEmpty();
      assertThat(cut.send("PROXY TCP4 192.0.2.7").finish().rest()).isEmpty();
      String header = "PROXY TCP4 192.0.2.7 192.0.2.1 40000 25\r\n";
      assertThat(alone.send(header).finish().rest()).containsExactly("220");

      peer.send(header).begin("bob@example.org");
      assertThat(peer.send("Subject: x\r\n\r\n.\r\nQUIT\r\n").finish().rest())
          .containsExactly("250", "221");
    }
  }

  @Test
  void aLoginIsAnswered() {
    try (var first = server.connect();
        var second = server.connect();
        var silent = server.connect()) {
      first.reply();
      first.ask("EHLO client.example");
      assertThat(first.send("AUTH PLAIN " + ANN + "\r\n").finish().rest()).containsExactly("235");

      second.reply();
      second.ask("EHLO client.example");
      second.ask("AUTH PLAIN");
      assertThat(second.send("AGFubgBndWVzcw==\r\n").finish().rest()).containsExactly("535");

      silent.reply();
      silent.ask("EHLO client.example");
      assertThat(silent.send("AUTH PLAIN\r\n").finish().rest()).containsExactly("334");
    }
  }

  /// Replies that the client is slow to read hold back the rest of what it has sent, not its end.
  @Test
  void moreRepliesThanTheConnectionHoldsAllGoOut() {
    try (var peer = server.connect()) {
      peer.reply();
      peer.ask("EHLO client.example");
      peer.send("RSET\r\n".repeat(5_000)).finish();

      assertThat(peer.rest()).hasSize(5_000).containsOnly("250");
    }
  }

  @Test
  void behindTls13BothSidesEndForThemselves() throws Exception {
    try (var peer = TlsPeer.secured(server.port)) {
      peer.ask("MAIL FROM:<>");
      peer.ask("RCPT TO:<bob@example.org>");
      peer.ask("DATA");
      peer.send("Subject: x\r\n\r\n.\r\nRSET\r\n");
      peer.finish();

      assertThat(peer.reply().getLast()).startsWith("250 2.0.0 Ok: queued as ");
      assertThat(peer.reply()).containsExactly("250 2.0.0 Ok");
      assertThat(peer.reply()).containsExactly("(closed)");
    }
    assertThat(server.queued).hasSize(1);
  }

  /// Nobody can be told any more (RFC 8446 §6.1, of the versions before), so nothing is taken.
  @Test
  void behindTls12TheClientsFarewellEndsBoth() throws Exception {
    var arrived = new CountDownLatch(1);
    var decided = new CountDownLatch(1);
    try (var peer = TlsPeer.secured(server.port, "TLSv1.2")) {
      peer.ask("MAIL FROM:<>");
      peer.ask("RCPT TO:<bob@example.org>");
      peer.ask("DATA");
      server.before = question -> passOn(question, arrived, decided);
      peer.send("Subject: x\r\n\r\nlonger than ten\r\n.\r\n");
      arrived.await();
      peer.finish();
      await().until(() -> server.sessions.count() == 0);
      assertThat(bodies()).hasSize(1);
      decided.countDown();
    }
    assertNothingKept();
  }

  /// Where it is known that the client has gone before the message is on a queue, it does not get
  /// there: its client will send it again.
  @Test
  void aMessageWhoseClientHasGoneIsNotTaken() throws Exception {
    var arrived = new CountDownLatch(1);
    var decided = new CountDownLatch(1);
    var peer = server.connect().begin("bob@example.org");
    server.before = question -> passOn(question, arrived, decided);
    peer.send("Subject: x\r\n\r\nlonger than ten\r\n.\r\n");
    arrived.await();
    peer.reset();
    await().until(() -> server.sessions.count() == 0);
    assertThat(bodies()).hasSize(1);
    decided.countDown();

    assertNothingKept();
  }

  private static void passOn(Case question, CountDownLatch arrived, CountDownLatch decided) {
    if (question instanceof Case.Message) {
      arrived.countDown();
      try {
        decided.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// What is in a file goes only when the route has ended without putting the message on a queue.
  private void assertNothingKept() {
    await().untilAsserted(() -> assertThat(bodies()).isEmpty());
    assertThat(server.queued).isEmpty();
  }

  private List<Path> bodies() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(file -> file.getParent().getFileName().toString().length() == 2)
          .filter(Files::isRegularFile)
          .toList();
    }
  }
}
