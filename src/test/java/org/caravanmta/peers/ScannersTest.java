package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.story.Server;
import org.caravanmta.story.Talk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's scanners before the queue of a Caravan: what the client is told of a virus, of spam and
/// of other mail, and what lies in the mailbox. The recipient says which scanner sees a message.
class ScannersTest {
  private static final String CLEAN =
      """
      From: ann@far.example
      To: bob@caravan.test
      Subject: lunch
      Message-ID: <1@far.example>
      Date: Mon, 30 Nov 2026 10:00:00 +0000

      Dear Bob, see you at noon.
      .. Ann
      """
          .replace("\n", "\r\n");

  private static final String VIRUS = CLEAN + PrivateClamd.EICAR + "\r\n";
  private static final String SPAM = CLEAN + PrivateSpamd.GTUBE + "\r\n";

  @TempDir static Path directory;
  private static Server caravan;
  private static int clamd;
  private static int spamd;
  private static int rspamd;
  private static int milter;
  private static int icap;
  private static int amavis;
  private static int reinjection;

  @BeforeAll
  static void start() throws Exception {
    clamd = Ports.free();
    spamd = Ports.free();
    rspamd = Ports.free();
    milter = Ports.free();
    icap = Ports.free();
    amavis = Ports.free();
    reinjection = Ports.free();
    String choices =
        choice("clamd", "clamd inet:127.0.0.1:" + clamd)
            + choice("spamd", "spamd inet:127.0.0.1:" + spamd + " reject-score=100")
            + choice("marked", "spamd inet:127.0.0.1:" + spamd)
            + choice("rspamd", "rspamd http://127.0.0.1:" + rspamd)
            + choice("milter", "milter inet:127.0.0.1:" + milter)
            + choice("echo", "icap icap://127.0.0.1:" + icap + "/echo")
            + choice("avscan", "icap icap://127.0.0.1:" + icap + "/avscan")
            + choice("amavis", "smtp inet:127.0.0.1:" + amavis);
    Path routes =
        FilterRoutes.in(
            directory.resolve("routes"),
            """
            - filter:
                simple: ${header.stage} == 'message'
                steps:
                  - choice:
                      when:
            """
                + choices.indent(12));
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "recipients.own=[]",
            "--set",
            "listeners.reinjection.enabled=true",
            "--set",
            "listeners.reinjection.address=127.0.0.1:" + reinjection,
            "--routes",
            routes.toString());
  }

  private static String choice(String user, String step) {
    return """
    - simple: ${body.mail.recipients[0].address} == '%s@caravan.test'
      steps:
        - bean: { ref: "%s" }
    """
        .formatted(user, step);
  }

  @AfterAll
  static void stop() {
    if (caravan != null) {
      caravan.close();
    }
  }

  private static String send(String user, String message) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send("ann@far.example", user + "@caravan.test", message);
    }
  }

  /// Sends a message that is to be taken, and returns it as it lies in the mailbox, with CRLF.
  private static String delivered(String user, String message) throws IOException {
    int before = caravan.maildir(user).size();
    assertThat(send(user, message)).startsWith("250 2.");
    await().until(() -> caravan.maildir(user).size() > before);
    List<Path> all = caravan.maildir(user);
    assertThat(all).hasSize(before + 1);
    return Files.readString(all.getLast(), StandardCharsets.ISO_8859_1).replace("\n", "\r\n");
  }

  private static String body(String message) {
    return message.substring(message.indexOf("\r\n\r\n") + 4);
  }

  private static final String SENT = body(CLEAN).replace("\r\n..", "\r\n.");

  @Test
  void clamd() throws Exception {
    // while there is none, nobody gets mail that it has not seen
    assertThat(send("clamd", CLEAN)).isEqualTo("451 4.7.1 Service unavailable - try again later");
    try (var _ = PrivateClamd.start(directory.resolve("clamd"), clamd)) {
      assertThat(send("clamd", VIRUS))
          .isEqualTo("554 5.7.1 Message contains malware (Eicar-Test.UNOFFICIAL)");
      assertThat(body(delivered("clamd", CLEAN))).isEqualTo(SENT);
    }
    assertThat(caravan.maildir("clamd")).hasSize(1);
  }

  @Test
  void spamd() throws Exception {
    try (var _ = PrivateSpamd.start(directory.resolve("spamd"), spamd)) {
      assertThat(send("spamd", SPAM)).isEqualTo("550 5.7.1 Message rejected as spam");
      String clean = delivered("spamd", CLEAN);
      assertThat(clean)
          .contains("\r\nX-Spam-Checker-Version: SpamAssassin ", "\r\nX-Spam-Status: No, score=")
          .contains("\r\nSubject: lunch\r\n")
          .doesNotContain("X-Spam-Flag");
      assertThat(body(clean)).isEqualTo(SENT);
      String spam = delivered("marked", SPAM);
      assertThat(spam).contains("\r\nX-Spam-Flag: YES\r\n", "\r\nSubject: *SPAM* lunch\r\n");
      assertThat(body(spam)).isEqualTo(SENT + PrivateSpamd.GTUBE + "\r\n");
    }
    assertThat(caravan.maildir("spamd")).hasSize(1);
  }

  @Test
  void rspamdByHttpAndAsMilter() throws Exception {
    try (var _ = PrivateRspamd.start(directory.resolve("rspamd"), rspamd, milter)) {
      for (String user : List.of("rspamd", "milter")) {
        assertThat(send(user, SPAM)).as(user).isEqualTo("554 5.7.1 Gtube pattern");
        String clean = delivered(user, CLEAN);
        assertThat(clean)
            .as(user)
            .containsPattern("\r\nX-Spamd-Bar: [-/+]+\r\n")
            .contains("\r\nX-Spamd-Result: default: False [0.00 / 15.00]\r\n");
        assertThat(body(clean)).as(user).isEqualTo(SENT);
      }
    }
    assertThat(caravan.maildir("rspamd")).hasSize(1);
    assertThat(caravan.maildir("milter")).hasSize(1);
  }

  @Test
  void icap() throws Exception {
    Path where = directory.resolve("icap-clamd");
    try (var scanner = PrivateClamd.start(where, Ports.free());
        var _ = PrivateIcap.start(directory.resolve("icap"), icap, scanner.socket)) {
      assertThat(send("avscan", VIRUS)).startsWith("554 5.7.1 ").contains("Eicar-Test.UNOFFICIAL");
      assertThat(body(delivered("avscan", CLEAN))).isEqualTo(SENT);
      // more than the service looks at first
      String large = CLEAN + "The quick brown fox jumps over the lazy dog.\r\n".repeat(20_000);
      for (String user : List.of("echo", "avscan")) {
        assertThat(body(delivered(user, large)))
            .as(user)
            .isEqualTo(body(large).replace("\r\n..", "\r\n."));
      }
      assertThat(body(delivered("echo", CLEAN))).isEqualTo(SENT);
    }
  }

  @Test
  void amavis() throws Exception {
    Path where = directory.resolve("amavis-clamd");
    try (var scanner = PrivateClamd.start(where, Ports.free());
        var daemon =
            PrivateAmavis.start(directory.resolve("amavis"), amavis, reinjection, scanner.socket)) {
      assertThat(send("amavis", VIRUS))
          .matches("554 5\\.7\\.0 Reject, id=\\S+ - INFECTED: Eicar-Test\\.UNOFFICIAL");
      assertThat(send("amavis", SPAM)).matches("554 5\\.7\\.0 Reject, id=\\S+ - spam");
      assertThat(send("amavis", PROGRAM))
          .matches("554 5\\.7\\.0 Reject, id=\\S+ - BANNED: application/octet-stream,a\\.exe");
      String clean = delivered("amavis", CLEAN);
      assertThat(clean)
          .contains("\r\nX-Virus-Scanned: amavis at caravan.test\r\n")
          .contains("\r\nX-Spam-Status: No, score=");
      assertThat(body(clean)).isEqualTo(SENT);
      assertThat(daemon.log()).contains("Passed CLEAN");
    }
    // once, and only what was clean
    assertThat(caravan.maildir("amavis")).hasSize(1);
    assertThat(caravan.ask("queue", "list")).doesNotContain("amavis@caravan.test");
  }

  private static final String PROGRAM =
      """
      From: ann@far.example
      Subject: a program
      MIME-Version: 1.0
      Content-Type: application/octet-stream; name="a.exe"
      Content-Disposition: attachment; filename="a.exe"
      Content-Transfer-Encoding: base64

      TVo=
      """
          .replace("\n", "\r\n");
}
