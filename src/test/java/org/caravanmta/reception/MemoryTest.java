package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.caravanmta.message.Content;
import org.caravanmta.policy.Case;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What many sessions hold together, each within its limits, in each form it can have: past the
/// budget more is put off, small mail goes on, and all of it is given back.
class MemoryTest {
  private static final int BUDGET = 256 * 1024;
  private static final String NO_ROOM = "452 4.3.1 Insufficient system storage";

  @TempDir static Path directory;
  private static Server server;
  private final List<Peer> peers = new ArrayList<>();
  private final List<CountDownLatch> latches = new ArrayList<>();

  @BeforeAll
  static void open() {
    server =
        new Server(
            directory,
            Map.of(
                "memory",
                String.valueOf(BUDGET),
                "tls",
                "may",
                "idle-limit",
                "1000000",
                "error-limit",
                "1000000",
                "soft-error-limit",
                "1000000"));
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @BeforeEach
  void asUsual() {
    server.queued.clear();
    server.before = question -> {};
  }

  @AfterEach
  void allIsGivenBack() {
    latches.forEach(CountDownLatch::countDown);
    peers.forEach(Peer::close);
    await().untilAsserted(() -> assertThat(held()).isZero());
  }

  @Test
  void headerSectionsWithoutEnd() {
    withHeader(120);
    awaitHeld(120);
    Peer second = withHeader(100);
    assertThat(second.ask("\r\n.")).isEqualTo(NO_ROOM);
    assertThat(second.ask("RSET")).isEqualTo("250 2.0.0 Ok");
    assertSmallMailGoesOn();
  }

  /// Who holds most and sends nothing has to go when others need the memory, and is told to come
  /// again.
  @Test
  void whoHoldsMuchAndSendsNothingMakesRoom() {
    Peer silent = withHeader(120);
    awaitHeld(120);
    awaitTaken(begin(), 50);
    assertThat(silent.reply())
        .isEqualTo("421 4.3.1 mx.example.org Error: insufficient system storage");
    assertThat(silent.reply()).isEqualTo("(closed)");
  }

  /// The memory that a message has until its reply comes is not taken away from it.
  @Test
  void whoIsOwedAReplyIsLeftAlone() {
    CountDownLatch decided = latch();
    server.before = question -> waitFor(question, decided);
    Peer owed = withHeader(50);
    owed.send("\r\n.\r\n");
    awaitHeld(140);
    Peer silent = withHeader(30);
    awaitHeld(170);
    Peer other = begin();
    await()
        .until(
            () -> {
              attempt(other, 30);
              return server.sessions.count() == 2;
            });
    assertThat(silent.reply()).startsWith("421 4.3.1 ");
    decided.countDown();
    assertThat(owed.reply()).startsWith("250 2.0.0 Ok");
  }

  @Test
  void bodiesGoToFilesSoonerWhenMemoryIsShort() {
    withHeader(120);
    awaitHeld(120);
    withHeader(20);
    awaitHeld(140);
    Peer peer = begin();
    assertThat(peer.ask("Subject: x\r\n\r\n" + "line\r\n".repeat(2000) + ".")).startsWith("250 ");
    assertThat(server.queued.element().content()).isInstanceOf(Content.Stored.class);
    peers.forEach(Peer::close);
    await().until(() -> held() == 0);

    assertThat(begin().ask("Subject: x\r\n\r\n" + "line\r\n".repeat(2000) + "."))
        .startsWith("250 ");
    assertThat(server.queued).last().matches(m -> m.content() instanceof Content.Inline);
  }

  @Test
  void bodiesHeldOpenBeforeTheDot() {
    List<Peer> large = Stream.generate(this::begin).limit(6).toList();
    large.forEach(peer -> peer.send("Subject: x\r\n\r\n" + "line\r\n".repeat(8_000)));
    // each has begun a block of 8 KiB or more
    await().until(() -> held() > BUDGET / 6);
    // a slow disk may hold all of the memory for a moment, in which a client is told to come again
    await().ignoreExceptions().untilAsserted(this::assertSmallMailGoesOn);
    assertThat(held()).isLessThanOrEqualTo(BUDGET + BUDGET / 8);
  }

  @Test
  void recipientsWithLongParameters() {
    String rcpt = "RCPT TO:<%s%d@example.org> ORCPT=rfc822;%s";
    int refused = 0;
    for (int i = 0; i < 3; i++) {
      Peer peer = greeted();
      peer.ask("MAIL FROM:<>");
      for (int j = 0; j < 99; j++) {
        String reply = peer.ask(rcpt.formatted("u".repeat(800), j, "o".repeat(480)));
        if (!reply.startsWith("250 ")) {
          assertThat(reply).isEqualTo(NO_ROOM);
          refused++;
          break;
        }
      }
    }
    assertThat(refused).isPositive();
    assertSmallMailGoesOn();
  }

  @Test
  void chunks() {
    withHeader(120);
    awaitHeld(120);
    withHeader(36);
    awaitHeld(168);
    Peer peer = greeted();
    peer.ask("MAIL FROM:<>");
    peer.ask("RCPT TO:<bob@example.org>");
    String chunk = "X: " + "h".repeat(39_995) + "\r\n";
    peer.send("BDAT 40000\r\n" + chunk + "BDAT 2 LAST\r\n\r\n");
    // taken until it is known to be too much, and refused when the message is whole
    assertThat(peer.reply()).startsWith("250 ");
    assertThat(peer.reply()).isEqualTo(NO_ROOM);
    assertSmallMailGoesOn();
  }

  @Test
  void repliesThatNobodyReads() {
    Peer peer = greeted();
    var sent = new AtomicLong();
    // until the connection takes no more in either direction
    Thread sending =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      peer.send("RSET\r\n".repeat(1000));
                      sent.addAndGet(1000);
                    }
                  } catch (RuntimeException e) {
                    // it is closed in the end
                  }
                });
    await().until(() -> held() > 24 * 1024);
    assertThat(held()).isLessThan(BUDGET);
    assertSmallMailGoesOn();
    peer.close();
    await().until(() -> !sending.isAlive());
    assertThat(sent).hasPositiveValue();
  }

  @Test
  void commandsSentAheadWhileAQuestionIsOut() {
    CountDownLatch decided = latch();
    Peer peer = begin();
    server.before = question -> waitFor(question, decided);
    peer.send("\r\n.\r\n" + "RSET\r\n".repeat(5_000));
    await().until(() -> held() > 16 * 1024);
    assertThat(held()).as("no more is read").isLessThan(200 * 1024);
    decided.countDown();
    assertThat(peer.reply()).startsWith("250 2.0.0 Ok: queued");
    for (int i = 0; i < 5_000; i++) {
      assertThat(peer.reply()).isEqualTo("250 2.0.0 Ok");
    }
  }

  /// What a question takes it takes until the route has ended, though its session is gone.
  @Test
  void questionsThatAreOut() throws Exception {
    var arrived = new CountDownLatch(1);
    CountDownLatch decided = latch();
    Peer peer = begin();
    server.before =
        question -> {
          arrived.countDown();
          waitFor(question, decided);
        };
    peer.send("Subject: x\r\n\r\n" + "line\r\n".repeat(2000) + ".\r\n");
    arrived.await();
    peer.reset();
    await().until(() -> server.sessions.count() == 0);
    assertThat(held()).isBetween(24L * 1024, 48L * 1024);
    decided.countDown();
  }

  @Test
  void tls() throws IOException {
    withHeader(120);
    awaitHeld(120);
    withHeader(36);
    awaitHeld(168);
    var secured = new ArrayList<TlsPeer>();
    String reply = "220 ";
    while (reply.startsWith("220 ")) {
      var peer = new TlsPeer(server.port);
      secured.add(peer);
      peer.reply();
      peer.ask("EHLO client.example");
      reply = peer.ask("STARTTLS");
    }
    assertThat(reply).isEqualTo("454 4.7.0 TLS not available due to temporary reason");
    assertThat(secured.getLast().ask("NOOP")).as("it goes on in clear").startsWith("250 ");
    for (TlsPeer peer : secured) {
      peer.close();
    }
  }

  @Test
  void moreSessionsThanThereIsMemoryFor(@TempDir Path other) {
    try (var small = new Server(other, Map.of("memory", "8192"));
        var first = small.connect()) {
      // one after the other: each has a loop of its own, and room for its question until it is over
      assertThat(first.reply()).startsWith("220 ");
      await().until(() -> small.sessions.budget().held() == 4096);
      try (var second = small.connect()) {
        assertThat(second.reply()).startsWith("220 ");
        await().until(() -> small.sessions.budget().held() == 8192);
        try (var third = small.connect()) {
          assertThat(third.reply()).isEqualTo("421 4.3.2 All server ports are busy");
        }
        assertThat(first.ask("HELO client.example")).startsWith("250 ");
        assertThat(first.ask("MAIL FROM:<" + "a".repeat(900) + "@example.net>")).isEqualTo(NO_ROOM);
      }
    }
  }

  @Test
  void connectionsWithinTheirProxyHeader(@TempDir Path other) {
    var settings = Map.of("memory", "40000", "proxies", "127.0.0.0/8");
    try (var proxied = new Server(other, settings);
        var first = proxied.connect();
        var second = proxied.connect();
        var third = proxied.connect()) {
      first.send("PROXY TCP4 192.0.2.7");
      second.send("PROXY");
      third.send("PROXY");
      await().until(() -> proxied.sessions.budget().held() == 36 * 1024);
      try (var fourth = proxied.connect()) {
        assertThat(fourth.reply()).isEqualTo("(closed)");
      }
      third.reset();
      await().until(() -> proxied.sessions.budget().held() == 24 * 1024);
      assertThat(first.send(" 192.0.2.1 40000 25\r\n").reply()).startsWith("220 ");
      await().until(() -> proxied.sessions.budget().held() == 16 * 1024);
      first.ask("QUIT");
      second.reset();
      await().until(() -> proxied.sessions.budget().held() == 0);
    }
  }

  /// Opened at the end of the test if not before.
  private CountDownLatch latch() {
    var latch = new CountDownLatch(1);
    latches.add(latch);
    return latch;
  }

  private static void waitFor(Case question, CountDownLatch decided) {
    if (question instanceof Case.Message) {
      try {
        decided.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static long held() {
    return server.sessions.budget().held();
  }

  private static void awaitHeld(int kibibytes) {
    await().until(() -> held() > 1024L * kibibytes);
  }

  private Peer greeted() {
    Peer peer = server.connect();
    peers.add(peer);
    peer.reply();
    peer.ask("EHLO client.example");
    return peer;
  }

  private Peer begin() {
    Peer peer = server.connect();
    peers.add(peer);
    return peer.begin("bob@example.org");
  }

  /// A session that has sent so much of a header section.
  private Peer withHeader(int kibibytes) {
    return begin().send(("X: " + "h".repeat(1019) + "\r\n").repeat(kibibytes));
  }

  private static void awaitTaken(Peer peer, int kibibytes) {
    await().until(() -> attempt(peer, kibibytes).startsWith("250 2.0.0 Ok"));
  }

  /// Sends a message, and begins another.
  private static String attempt(Peer peer, int kibibytes) {
    peer.send(("X: " + "h".repeat(1019) + "\r\n").repeat(kibibytes));
    String reply = peer.ask("\r\n.");
    peer.ask("MAIL FROM:<>");
    peer.ask("RCPT TO:<bob@example.org>");
    peer.ask("DATA");
    return reply;
  }

  private void assertSmallMailGoesOn() {
    assertThat(begin().ask("Subject: small\r\n\r\nbody\r\n.")).startsWith("250 2.0.0 Ok: queued");
  }
}
