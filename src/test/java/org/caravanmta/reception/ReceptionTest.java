package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceptionTest {
  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  @Test
  void aMessageIsStampedAndItsBytesAreKept() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("Bob@example.org");
    String reply = peer.ask("Subject: hello\r\nX:\tfolded\r\n\tvalue\r\n\r\n..dot\r\n\r\n \r\n.");

    Mail mail = server.queued.element();
    assertThat(reply).isEqualTo("250 2.0.0 Ok: queued as " + mail.id());
    assertThat(mail.headers().toString())
        .isEqualTo(
            """
            Received: from client.example (unknown [127.0.0.1])
            \tby mx.example.org (Caravan) with ESMTP id %s
            \tfor <Bob@example.org>; Tue, 25 Aug 2026 10:00:00 +0000 (UTC)
            Subject: hello
            X:\tfolded
            \tvalue
            """
                .formatted(mail.id())
                .replace("\n", "\r\n"));
    assertThat(text(mail)).isEqualTo(".dot\r\n\r\n \r\n");
    assertThat(mail.recipients())
        .singleElement()
        .satisfies(r -> assertThat(r.original()).hasToString("Bob@example.org"));
    assertThat(mail.reversePath()).hasToString("alice@example.net");
    assertThat(mail.envelope().arrived()).isEqualTo(Server.NOW);
    assertThat(mail.envelope().client())
        .satisfies(
            client -> {
              assertThat(client.protocol()).isEqualTo("ESMTP");
              assertThat(client.helo()).isEqualTo("client.example");
              assertThat(client.listener()).isEqualTo("smtp");
              assertThat(client.own()).isTrue();
            });
  }

  @Test
  void aNameWritesNoStructureIntoTheTrace() {
    Server server = server(Map.of("xclient-hosts", "127.0.0.1"));
    Peer peer = connect(server);
    peer.reply();
    // what a client calls itself, and what stands in the field
    var names =
        Map.of(
            "EHLO relay.example (really [192.0.2.1])", "relay.example??really?[192.0.2.1]?",
            "HELO a\\b,c:d", "a?b,c:d",
            "EHLO \"me\"; by mx.example.org", "?me???by?mx.example.org",
            "HELO bob@host for <x>", "bob?host?for??x?",
            "EHLO b\u00fccher.example", "b?cher.example",
            "EHLO [IPv6:2001:db8::1]", "[IPv6:2001:db8::1]",
            "XCLIENT HELO=x)+20by+20y", "x??by?y");
    names.forEach(
        (command, shown) -> {
          server.queued.clear();
          assertThat(peer.ask(command)).as(command).startsWith("2");
          peer.ask("MAIL FROM:<>");
          peer.ask("RCPT TO:<bob@example.org>");
          peer.ask("DATA");
          assertThat(peer.ask(".")).startsWith("250 ");
          assertThat(server.queued.element().headers().toString())
              .as(command)
              .startsWith("Received: from " + shown + " (unknown [127.0.0.1])\r\n");
        });
  }

  @Test
  void severalRecipientsAreNotNamedAndNoneIsTwice() {
    Server server = server(Map.of());
    Peer peer = connect(server);
    peer.reply();
    peer.ask("HELO client.example");
    peer.ask("MAIL FROM:<>");
    peer.ask("RCPT TO:<bob@example.org>");
    peer.ask("RCPT TO:<carol@example.org>");
    peer.ask("RCPT TO:<bob@EXAMPLE.org>");
    peer.ask("DATA");
    peer.ask(".");

    Mail mail = server.queued.element();
    assertThat(mail.recipients()).hasSize(2);
    assertThat(mail.headers().toString())
        .isEqualTo(
            "Received: from client.example (unknown [127.0.0.1])\r\n"
                + "\tby mx.example.org (Caravan) with SMTP id "
                + mail.id()
                + ";\r\n\tTue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n");
    assertThat(mail.content().length()).isZero();
  }

  @Test
  void eachQuestionComesInItsTurn() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("RFC: yes\r\n.");
    assertThat(server.questions)
        .extracting(Case::stage)
        .containsExactly("connect", "recipient", "message");
    assertThat(server.questions)
        .element(1)
        .isInstanceOfSatisfying(
            Case.Rcpt.class,
            rcpt -> {
              assertThat(rcpt.vouched()).isFalse();
              assertThat(rcpt.accepted()).isZero();
              assertThat(rcpt.sender()).hasToString("alice@example.net");
            });
  }

  @Test
  void aQuestionSaysHowManyRecipientsWereAcceptedBefore() {
    Server server = server(Map.of());
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    peer.ask("MAIL FROM:<alice@example.net>");
    for (String name : List.of("bob", "ann", "cid", "ann")) {
      assertThat(peer.ask("RCPT TO:<" + name + "@example.org>")).startsWith("250");
    }
    assertThat(server.questions)
        .filteredOn(Case.Rcpt.class::isInstance)
        .extracting(asked -> ((Case.Rcpt) asked).accepted())
        .containsExactly(0, 1, 2, 3);
  }

  @Test
  void theGreetingDoesNotWaitForTheVerdictOnTheClient() {
    Server server = server(Map.of());
    var listed = new CountDownLatch(1);
    server.route =
        question -> {
          if (question instanceof Case.Connection) {
            pass(listed);
          }
          return server.usual(question);
        };
    Peer peer = connect(server);
    assertThat(peer.reply()).startsWith("220 ");
    assertThat(peer.ask("EHLO client.example")).startsWith("250 ");
    assertThat(peer.ask("MAIL FROM:<alice@example.net>")).startsWith("250 ");
    peer.send("RCPT TO:<bob@example.org>\r\nRCPT TO:<nobody@example.org>\r\n");
    await().until(() -> server.questions.size() == 1);
    listed.countDown();
    assertThat(peer.reply()).startsWith("250 ");
    assertThat(peer.reply()).startsWith("550 ");
  }

  @Test
  void postmasterIsHeardThoughTheVerdictOnTheClientIsLate() {
    Server server = server(Map.of());
    var listed = new CountDownLatch(1);
    server.route =
        question -> {
          if (question instanceof Case.Connection) {
            pass(listed);
            throw new IllegalStateException("a bug in the list");
          }
          return server.usual(question);
        };
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    peer.ask("MAIL FROM:<alice@example.net>");
    peer.send("RCPT TO:<postmaster>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
    listed.countDown();
    assertThat(peer.reply()).startsWith("250 ");
    assertThat(peer.reply()).isEqualTo("451 4.3.0 Error: a bug in the list");
    assertThat(peer.reply()).startsWith("354 ");
    assertThat(peer.ask("Subject: help\r\n.")).startsWith("250 ");
    assertThat(server.queued.element().recipients())
        .singleElement()
        .satisfies(r -> assertThat(r.address()).isEqualTo(Address.parse("postmaster@example.org")));
  }

  @Test
  void aRecipientMayHaveTheMessageHeld() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("held@example.org");
    peer.ask("Subject: x\r\n.");
    assertThat(server.questions)
        .last()
        .isInstanceOfSatisfying(
            Case.Message.class, m -> assertThat(m.verdict()).isInstanceOf(Verdict.Hold.class));
  }

  @Test
  void tooManyRecipientsArePutOff() {
    Server server = server(Map.of("recipient-limit", "100", "error-limit", "3"));
    Peer peer = connect(server);
    peer.reply();
    peer.ask("EHLO client.example");
    peer.ask("MAIL FROM:<alice@example.net>");
    for (int i = 0; i < 100; i++) {
      assertThat(peer.ask("RCPT TO:<u" + i + "@example.org>")).isEqualTo("250 2.1.5 Ok");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(peer.ask("RCPT TO:<more@example.org>"))
          .isEqualTo("452 4.5.3 Error: too many recipients");
    }
    peer.ask("DATA");
    assertThat(peer.ask(".")).startsWith("250 ");
    assertThat(server.queued.element().recipients()).hasSize(100);
  }

  @Test
  void aProgramsMessageIsCompleted() {
    Server server = server(Map.of("listener", "SUBMISSION"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Subject: hello\r\nBcc: carol@example.org,\r\n dave@example.org\r\n\r\nHi.\r\n.");
    Mail mail = server.queued.element();
    assertThat(mail.headers().toString())
        .endsWith(
            // checks see Bcc before they take it out
            "Subject: hello\r\nBcc: carol@example.org,\r\n dave@example.org\r\nMessage-Id: <"
                + mail.id()
                + "@mx.example.org>\r\nDate: Tue, 25 Aug 2026 10:00:00 +0000 (UTC)\r\n"
                + "From: alice@example.net\r\n");
  }

  @Test
  void aResentMessageIsCompletedAsSuch() {
    Server server = server(Map.of("listener", "SUBMISSION"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Resent-To: bob@example.org\r\nFrom: a@example.net\r\n.");
    assertThat(server.queued.element().headers().fields())
        .extracting(f -> f.name())
        .containsExactly(
            "Received", "Resent-To", "From", "Resent-Message-Id", "Resent-Date", "Resent-From");
  }

  @Test
  void strangersMailIsNotCompleted() {
    Server server = server(Map.of());
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Return-Path: <x@y.example>\r\nBcc: carol@example.org\r\n.");
    assertThat(server.queued.element().headers().fields())
        .extracting(f -> f.name())
        // checks see what they then take out
        .containsExactly("Received", "Return-Path", "Bcc");
  }

  @Test
  void aLargeMessagePassesInLittleMemory() throws IOException {
    Server server = server(Map.of("size-limit", "0"));
    Peer peer = connect(server).begin("bob@example.org");
    byte[] block = new byte[1000];
    new Random(7).nextBytes(block);
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) (block[i] == '\r' || block[i] == '\n' || block[i] == '.' ? 'x' : block[i]);
    }
    block[998] = '\r';
    block[999] = '\n';
    peer.send("Subject: large\r\n\r\n");
    int blocks = 30_000;
    for (int i = 0; i < blocks; i++) {
      peer.send(block);
    }
    assertThat(peer.ask(".")).startsWith("250 ");

    Mail mail = server.queued.element();
    assertThat(mail.content()).isInstanceOf(Content.Stored.class);
    assertThat(mail.content().length()).isEqualTo(1000L * blocks);
    try (InputStream in = server.store.read((Content.Stored) mail.content())) {
      byte[] read = new byte[1000];
      for (int i = 0; i < blocks; i++) {
        in.readNBytes(read, 0, 1000);
        assertThat(read).isEqualTo(block);
      }
      assertThat(in.read()).isNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spam", "later", "discard", "forgotten"})
  void contentOfAMessageThatIsNotOursIsRemoved(String subject) {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Subject: " + subject + "\r\n\r\n" + "line\r\n".repeat(100) + ".");
    await().untilAsserted(() -> assertThat(files()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fine", "hold", "bug", "nonsense"})
  void contentOfAMessageThatMayBeOursStays(String subject) throws IOException {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.ask("Subject: " + subject + "\r\n\r\n" + "line\r\n".repeat(100) + ".");
    assertThat(files()).hasSize(1);
    assertThat(server.questions)
        .last()
        .isInstanceOfSatisfying(
            Case.Message.class,
            m -> assertThat(m.mail().content().length()).isEqualTo("line\r\n".length() * 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r"})
  void contentOfASmuggledMessageIsRemoved(String bare) {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    assertThat(peer.ask("Subject: x\r\n\r\n" + "line\r\n".repeat(100) + bare + "x\r\n."))
        .startsWith("550 5.5.2 ");
    await().untilAsserted(() -> assertThat(files()).isEmpty());
    assertThat(server.queued).isEmpty();
  }

  @Test
  void aSessionThatDiesInItsDataLeavesNothing() {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    peer.send("Subject: x\r\n\r\n" + "line\r\n".repeat(50_000));
    await().untilAsserted(() -> assertThat(files()).isNotEmpty());
    peer.close();
    await().untilAsserted(() -> assertThat(files()).isEmpty());
    await().until(() -> server.sessions.count() == 0);
    assertThat(server.queued).isEmpty();
  }

  @Test
  void aDiskThatFailsPutsTheMessageOff() throws IOException {
    Server server = server(Map.of("inline-limit", "100"));
    Peer peer = connect(server).begin("bob@example.org");
    try (Stream<Path> directories = Files.list(directory.resolve("content"))) {
      for (Path each : directories.toList()) {
        Files.delete(each);
      }
    }
    assertThat(peer.ask("Subject: x\r\n\r\n" + "line\r\n".repeat(300_000) + "."))
        .isEqualTo("451 4.3.0 Error: queue file write error");
    assertThat(peer.ask("NOOP")).startsWith("250 ");
  }

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

  private Server server(Map<String, String> changes) {
    var server = new Server(directory.resolve("content"), changes);
    open.add(server);
    return server;
  }

  private Peer connect(Server server) {
    Peer peer = server.connect();
    open.add(peer);
    return peer;
  }

  private static String text(Mail mail) {
    return new String(((Content.Inline) mail.content()).bytes(), StandardCharsets.UTF_8);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
