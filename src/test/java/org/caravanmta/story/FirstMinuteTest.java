package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Pattern;
import org.caravanmta.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody sees who starts Caravan for the first time and sends it mail.
class FirstMinuteTest {
  private static final Pattern QUEUED = Pattern.compile("250 2\\.0\\.0 Ok: queued as (\\S+)");

  @TempDir static Path directory;
  private static Server caravan;
  private static Sink sink;

  @BeforeAll
  static void start() throws IOException {
    sink = Sink.start();
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "delivery.relayhost=[127.0.0.1]:" + sink.port,
            "--set",
            // another next hop for each
            "routing.transport=[\"inline:{far0.example=smtp:[127.0.0.1]:%d,".formatted(sink.port)
                + " far1.example=smtp:[localhost]:%d}\"]".formatted(sink.port),
            "--set",
            "queue.lanes=[1s, 2s]");
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    sink.close();
  }

  @Test
  void mailForAliceLiesInHerMaildir() throws Exception {
    String id = queued(send(caravan.smtp, "bob@caravan.test", "alice@caravan.test", "hello"));

    await().until(() -> maildirHolds("alice", "hello"));
    Path file =
        caravan.maildir("alice").stream()
            .filter(f -> read(f).contains("hello"))
            .findFirst()
            .orElseThrow();
    assertThat(read(file))
        .startsWith("Return-Path: <bob@caravan.test>\n")
        .contains("\nDelivered-To: alice@caravan.test\n")
        .containsPattern("(?m)^Received: from client\\.example \\(")
        .contains("id " + id)
        .endsWith("\n\nhello\n");
    assertThat(caravan.story(id))
        .anyMatch(line -> line.contains("client=") && line.contains("[127.0.0.1]"))
        .anyMatch(line -> line.contains("from=<bob@caravan.test>"))
        .anyMatch(line -> line.contains("to=<alice@caravan.test>") && line.contains("status=sent"));
  }

  @Test
  void mailForElsewhereIsRelayedByteForByte() throws Exception {
    String body = "8-bit: caf\u00e9\r\n..dots\r\n\r\n \ttrailing  \r\n";
    String id = queued(send(caravan.smtp, "alice@caravan.test", "joe@elsewhere.example", body));

    await().until(() -> new String(sink.last(), UTF_8).contains("id " + id));
    String relayed = new String(sink.last(), UTF_8);
    assertThat(relayed.substring(relayed.indexOf("\r\n\r\n") + 4))
        .isEqualTo(body.replace("\r\n..", "\r\n.") + "\r\n");
    await()
        .untilAsserted(
            () ->
                assertThat(caravan.story(id))
                    .filteredOn(line -> line.contains("to=<joe@elsewhere.example>"))
                    .singleElement()
                    .asString()
                    .contains(
                        "relay=127.0.0.1[127.0.0.1]:" + sink.port, "dsn=2.0.0", "status=sent"));
  }

  @Test
  void nothingThatItKeepsIsForOthers() throws Exception {
    queued(send(caravan.smtp, "bob@caravan.test", "alice@caravan.test", "for her alone"));
    queued(send(caravan.smtp, "bob@caravan.test", "joe@elsewhere.example", "x".repeat(100_000)));
    await().until(() -> maildirHolds("alice", "for her alone"));

    try (var all = Files.walk(caravan.data)) {
      assertThat(all.filter(file -> !mode(file).endsWith("------"))).isEmpty();
    }
    assertThat(caravan.data.resolve("broker/journal")).isNotEmptyDirectory();
    assertThat(Files.readString(Path.of("/proc/" + caravan.pid() + "/status")))
        .contains("Umask:\t0077");
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      return "gone ------";
    }
  }

  @Test
  void strangersMayNotRelayAndUnknownUsersAreSaidSo() throws Exception {
    try (var talk = Talk.to(caravan.smtp)) {
      talk.say("MAIL FROM:<joe@elsewhere.example>");
      assertThat(talk.say("RCPT TO:<nobody@caravan.test>"))
          .isEqualTo(
              "550 5.1.1 <nobody@caravan.test>: Recipient address rejected: User unknown in local"
                  + " recipient table");
      assertThat(talk.say("RCPT TO:<alice@caravan.test>")).startsWith("250 2.1.5");
    }
  }

  @Test
  void aSubmissionIsCompleted() throws Exception {
    try (var talk = Talk.to(caravan.submission)) {
      String reply =
          talk.send(
              "bob@caravan.test",
              "alice@caravan.test",
              "Subject: bare\r\nBcc: spy@x.example\r\n\r\nhi\r\n");
      assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
    }

    await().until(() -> maildirHolds("alice", "Subject: bare"));
    String stored =
        caravan.maildir("alice").stream()
            .map(FirstMinuteTest::read)
            .filter(text -> text.contains("Subject: bare"))
            .findFirst()
            .orElseThrow();
    assertThat(stored)
        .containsPattern("(?m)^Message-I[dD]: <\\S+@mx\\.caravan\\.test>$")
        .containsPattern("(?m)^Date: ")
        .containsPattern("(?m)^From: .*bob@caravan\\.test")
        .doesNotContain("spy@");
  }

  @Test
  void aFailureComesBackAsAReportAndItsReportNever() throws Exception {
    sink.rcptReply = "550 5.1.1 no such user";
    try {
      queued(send(caravan.smtp, "bob@caravan.test", "gone@elsewhere.example", "returned"));
      String bounced = queued(send(caravan.smtp, "", "gone@elsewhere.example", "never returned"));

      await().until(() -> maildirHolds("bob", "Undelivered Mail Returned to Sender"));
      String report =
          caravan.maildir("bob").stream()
              .map(FirstMinuteTest::read)
              .filter(text -> text.contains("Undelivered"))
              .findFirst()
              .orElseThrow();
      assertThat(report)
          .startsWith("Return-Path: <>\n")
          .contains("Final-Recipient: rfc822; gone@elsewhere.example")
          .contains("Status: 5.1.1")
          .contains("Diagnostic-Code: smtp; 550 5.1.1 no such user")
          .contains("returned");
      await()
          .untilAsserted(
              () ->
                  assertThat(caravan.story(bounced))
                      .anyMatch(line -> line.contains("status=bounced")));
      assertThat(caravan.lines().stream().filter(line -> line.contains("to=<>"))).isEmpty();
    } finally {
      sink.rcptReply = "250 2.1.5 Ok";
    }
  }

  @Test
  void thoseWhoFailAtSeveralNextHopsAreInOneReport() throws Exception {
    sink.rcptReply = "550 5.1.1 no such user";
    try (var talk = Talk.to(caravan.submission)) {
      talk.say("MAIL FROM:<alice@caravan.test>");
      for (int n = 0; n < 4; n++) {
        talk.say("RCPT TO:<many%d@far%d.example>".formatted(n, n));
      }
      talk.say("DATA");
      String id = queued(talk.say("Subject: to many\r\n\r\nhi\r\n."));
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> maildirHolds("alice", "X-Caravan-Queue-ID: " + id));
      var reports =
          caravan.maildir("alice").stream()
              .map(FirstMinuteTest::read)
              .filter(text -> text.contains("X-Caravan-Queue-ID: " + id))
              .toList();
      assertThat(reports).hasSize(1);
      for (int n = 0; n < 4; n++) {
        assertThat(reports.getFirst())
            .containsOnlyOnce("Final-Recipient: rfc822; many%d@far%d.example".formatted(n, n));
      }
    } finally {
      sink.rcptReply = "250 2.1.5 Ok";
    }
  }

  @Test
  void aDeferredRecipientIsTriedAgain() throws Exception {
    sink.rcptReply = "451 4.2.1 come back later";
    String id = queued(send(caravan.smtp, "bob@caravan.test", "late@elsewhere.example", "at last"));
    await()
        .untilAsserted(
            () -> assertThat(caravan.story(id)).anyMatch(line -> line.contains("status=deferred")));
    // between two lanes it is on no list for a moment
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(caravan.command("queue", "list"))
                    .contains(id, "late@elsewhere.example"));

    sink.rcptReply = "250 2.1.5 Ok";

    await()
        .untilAsserted(
            () -> assertThat(caravan.story(id)).anyMatch(line -> line.contains("status=sent")));
  }

  @Test
  void aFlushTriesEvenWhatCouldNotBeReached() throws Exception {
    int nobody = Ports.free();
    try (var far =
        Server.start(
            directory.resolve("far"),
            "--set",
            "delivery.relayhost=[127.0.0.1]:" + nobody,
            "--set",
            "queue.lanes=[1h]")) {
      for (int i = 0; i < 5; i++) {
        queued(send(far.smtp, "bob@caravan.test", "joe@elsewhere.example", "waits"));
      }
      await()
          .until(
              () -> far.lines().stream().filter(l -> l.contains("status=deferred")).count() == 5);
      try (var back = Sink.start(nobody)) {
        assertThat(far.command("queue", "flush")).contains("all deferred mail is due now");
        await().until(() -> back.messages.sum() == 5);
      }
    }
  }

  private static String send(int port, String from, String to, String body) throws IOException {
    try (var talk = Talk.to(port)) {
      return talk.send(
          from, to, "From: bob@caravan.test\r\nSubject: a story\r\n\r\n" + body + "\r\n");
    }
  }

  private static String queued(String reply) {
    var matcher = QUEUED.matcher(reply);
    assertThat(matcher.matches()).as(reply).isTrue();
    return matcher.group(1);
  }

  private static boolean maildirHolds(String user, String text) throws IOException {
    return caravan.maildir(user).stream().anyMatch(file -> read(file).contains(text));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
