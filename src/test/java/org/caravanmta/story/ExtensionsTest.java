package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What extensions of SMTP do from one end to the other.
class ExtensionsTest {
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
            "rewriting.virtual-aliases=[\"inline:{team@caravan.test=alice@caravan.test}\"]",
            "--set",
            "queue.flush-domains=[slow.example]",
            "--set",
            "queue.lanes=[1h]",
            "--set",
            "notices.classes=[protocol]",
            "--set",
            "notices.session-recipient=alice");
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    sink.close();
  }

  @Test
  void aServerThatIsThereAgainAsksForItsMail() throws Exception {
    sink.rcptReply = "451 4.2.1 come back later";
    String id = id(send("MAIL FROM:<bob@caravan.test>", "RCPT TO:<joe@slow.example>"));
    await()
        .untilAsserted(
            () -> assertThat(caravan.story(id)).anyMatch(line -> line.contains("status=deferred")));
    sink.rcptReply = "250 2.1.5 Ok";
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.say("ETRN other.example"))
          .isEqualTo("459 4.7.1 <other.example>: service unavailable");
      assertThat(talk.say("ETRN slow.example")).isEqualTo("250 2.0.0 Queuing started");
    }
    await()
        .untilAsserted(
            () -> assertThat(caravan.story(id)).anyMatch(line -> line.contains("status=sent")));
  }

  /// Acceptance row 202.
  @Test
  void thePostmasterHasTheTranscriptOfASessionThatWasNotSmtp() throws Exception {
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.say("RCPT TO:<joe@far.example>")).startsWith("503 ");
      talk.say("QUIT");
    }
    await()
        .untilAsserted(
            () ->
                assertThat(caravan.maildir("alice").stream().map(ExtensionsTest::read))
                    .anySatisfy(
                        notice ->
                            assertThat(notice)
                                .contains("Return-Path: <double-bounce@caravan.test>\n")
                                .contains("Subject: Caravan SMTP server: errors from ")
                                .containsPattern("(?m)^Message-Id: <|^Message-ID: <")
                                .contains("\n In:  RCPT TO:<joe@far.example>\n Out: 503 5.5.1 ")));
  }

  @Test
  void whoAskedForItHearsThatAnAliasWasExpanded() throws Exception {
    send(
        "MAIL FROM:<bob@caravan.test> RET=HDRS ENVID=ours+2B1",
        "RCPT TO:<team@caravan.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;team@caravan.test");
    await()
        .untilAsserted(
            () ->
                assertThat(caravan.maildir("bob").stream().map(ExtensionsTest::read))
                    .anySatisfy(
                        report ->
                            assertThat(report)
                                .contains("Action: expanded\n")
                                .contains("Original-Envelope-Id: ours+1\n")
                                .contains("Final-Recipient: rfc822; team@caravan.test\n")));
    assertThat(caravan.maildir("bob").stream().map(ExtensionsTest::read))
        .noneMatch(report -> report.contains("Action: delivered"));
  }

  private static String send(String mail, String rcpt) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      assertThat(talk.say(mail)).startsWith("250 ");
      assertThat(talk.say(rcpt)).startsWith("250 ");
      assertThat(talk.say("DATA")).startsWith("354 ");
      return talk.say("Subject: x\r\n\r\nhello\r\n.");
    }
  }

  private static String id(String reply) {
    assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
    return reply.substring(reply.lastIndexOf(' ') + 1);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
