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

/// Debian's opendkim, opendmarc and rspamd as milters of a Caravan, one after the other, as a site
/// has them: our own mail goes out signed, and that of others is what their domains say of it.
class AuthenticationTest {
  private static final String RESOLVER = "127.0.53.2";
  private static final String STRANGER = "127.0.0.9";

  @TempDir static Path directory;
  private static SignedZones zones;
  private static PrivateOpendkim opendkim;
  private static PrivateOpendmarc opendmarc;
  private static PrivateRspamd rspamd;
  private static Server caravan;

  @BeforeAll
  static void start() throws Exception {
    String own = PrivateOpendkim.key(directory.resolve("own"), "own.example");
    String far = PrivateOpendkim.key(directory.resolve("far"), "far.example");
    zones =
        SignedZones.in(directory.resolve("dns"))
            .unsigned("own.example", own)
            .unsigned("far.example", far + "\n_dmarc TXT \"v=DMARC1; p=reject\"")
            .unsigned("soft.example", "_dmarc TXT \"v=DMARC1; p=quarantine\"")
            .unsigned("plain.example", "www A 127.0.0.1")
            .start();
    zones.validating(RESOLVER, 53);
    int dkim = Ports.free();
    int dmarc = Ports.free();
    int spam = Ports.free();
    opendkim =
        PrivateOpendkim.start(
            directory.resolve("opendkim"), dkim, "own.example", directory.resolve("own"), RESOLVER);
    opendmarc = PrivateOpendmarc.start(directory.resolve("opendmarc"), dmarc, RESOLVER);
    rspamd = PrivateRspamd.start(directory.resolve("rspamd"), Ports.free(), spam);
    Path routes =
        FilterRoutes.in(
            directory.resolve("routes"),
            """
            - bean: { ref: "milter inet:127.0.0.1:%d" }
            - bean: { ref: "milter inet:127.0.0.1:%d" }
            - bean: { ref: "milter inet:127.0.0.1:%d" }
            """
                .formatted(dkim, dmarc, spam));
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "recipients.own=[]",
            "--set",
            "networks.own=[127.0.0.1]",
            "--set",
            "dns.servers=['" + RESOLVER + "']",
            "--routes",
            routes.toString());
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {caravan, rspamd, opendmarc, opendkim, zones}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static String letter(String from) {
    return """
    From: %s
    To: bob@caravan.test
    Subject:  two
    \tlines,  with spaces\t
    Message-ID: <1@%s>
    Date: Mon, 30 Nov 2026 10:00:00 +0000

    Dear Bob,

    .. see you at noon. \t


    """
        .formatted(from, from)
        .replace("\n", "\r\n");
  }

  private static String send(String client, String sender, String user, String message)
      throws IOException {
    try (var talk = Talk.from(client, caravan.smtp)) {
      return talk.send(sender, user + "@caravan.test", message);
    }
  }

  private static String delivered(String user) throws IOException {
    await().until(() -> !caravan.maildir(user).isEmpty());
    List<Path> all = caravan.maildir(user);
    assertThat(all).hasSize(1);
    return Files.readString(all.getFirst(), StandardCharsets.ISO_8859_1);
  }

  /// The message as far.example has signed every space of it.
  private static String signed(String message) throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), unstuffed(message));
    String signed =
        Program.run(
            0,
            plain,
            Program.installed("dkimsign", "python3-dkim"),
            "--hcanon",
            "simple",
            "--bcanon",
            "simple",
            PrivateOpendkim.SELECTOR,
            "far.example",
            directory.resolve("far/sel.private").toString());
    return signed.replace("\n.", "\n..");
  }

  private static String unstuffed(String message) {
    return message.replace("\n..", "\n.");
  }

  @Test
  void ourOwnMailIsSigned() throws Exception {
    String message = letter("ann@own.example");
    assertThat(send("127.0.0.1", "ann@own.example", "own", message)).startsWith("250 2.");
    String stored = delivered("own");
    assertThat(stored)
        .contains("DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=own.example; s=sel;");
    // another program says that the signature holds, unless a letter of it is another
    assertThat(verified(stored)).isEmpty();
    assertThat(verified(stored.replace("noon", "nine"))).isNotEmpty();
  }

  /// What opendkim-testmsg says of a message; nothing if it is as it was signed.
  private static String verified(String stored) throws Exception {
    Path file = Files.writeString(directory.resolve("stored"), stored, StandardCharsets.ISO_8859_1);
    return Program.run(
        -1,
        file,
        PrivateOpendmarc.resolvingAt(
            directory, RESOLVER, Program.installed("opendkim-testmsg", "opendkim-tools")));
  }

  @Test
  void signedMailOfOthersPasses() throws Exception {
    String message = signed(letter("joe@far.example"));
    assertThat(send(STRANGER, "joe@far.example", "passed", message)).startsWith("250 2.");
    String stored = delivered("passed");
    assertThat(stored)
        .contains("Authentication-Results: mx.caravan.test;")
        .containsPattern("dkim=pass \\([^)]*\\) header.d=far.example")
        .contains("dmarc=pass (p=reject dis=none) header.from=far.example");
    assertThat(verified(stored)).isEmpty();
  }

  @Test
  void theirDomainSaysWhatBecomesOfOtherMail() throws Exception {
    String changed = signed(letter("joe@far.example")).replace("noon", "nine");
    String forged =
        "Authentication-Results: mx.caravan.test;\r\n\tdkim=pass header.d=far.example\r\n"
            + letter("joe@far.example");
    for (String message : List.of(changed, letter("joe@far.example"), forged)) {
      assertThat(send(STRANGER, "joe@far.example", "refused", message))
          .isEqualTo("550 5.7.1 rejected by DMARC policy for far.example");
    }
    assertThat(send(STRANGER, "joe@soft.example", "aside", letter("joe@soft.example")))
        .startsWith("250 2.");
    assertThat(caravan.ask("quarantine", "list"))
        .contains("aside@caravan.test")
        .doesNotContain("refused@caravan.test");
    assertThat(send(STRANGER, "joe@plain.example", "other", letter("joe@plain.example")))
        .startsWith("250 2.");
    assertThat(delivered("other"))
        .contains("dkim=none", "dmarc=none")
        .contains("X-Spamd-Result: default: False [0.00 / 15.00]");
    assertThat(caravan.maildir("refused")).isEmpty();
    assertThat(caravan.maildir("aside")).isEmpty();
  }

  /// The last of the three follows the dialogue too, and a session goes on after it has refused.
  @Test
  void spamIsRefusedByTheLastOfThem() throws Exception {
    String message = letter("joe@plain.example");
    try (var talk = Talk.from(STRANGER, caravan.smtp)) {
      for (String user : List.of("first", "second")) {
        String to = user + "@caravan.test";
        assertThat(talk.send("joe@plain.example", to, message + PrivateSpamd.GTUBE + "\r\n"))
            .isEqualTo("554 5.7.1 Gtube pattern");
        assertThat(talk.send("joe@plain.example", to, message)).startsWith("250 2.");
        assertThat(delivered(user)).contains("dkim=none", "dmarc=none");
      }
    }
  }
}
