package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.caravanmta.Ports;
import org.caravanmta.peers.PrivateAmavis;
import org.caravanmta.peers.PrivateClamd;
import org.caravanmta.peers.PrivateIcap;
import org.caravanmta.peers.PrivateOpendkim;
import org.caravanmta.peers.PrivateOpendmarc;
import org.caravanmta.peers.PrivateRspamd;
import org.caravanmta.peers.PrivateSpamd;
import org.caravanmta.peers.Program;
import org.caravanmta.peers.RunningProgram;
import org.caravanmta.peers.SignedZones;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The route files of `routes/examples/filters` beside the shipped ones, with Debian's daemons at
/// other addresses than Debian's: what the client is told, and what lies in the mailbox.
@Execution(ExecutionMode.CONCURRENT)
class FilterExamplesTest {
  private static final Path EXAMPLES = Path.of("routes/examples/filters");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CLEAN =
      """
      From: ann@own.example
      To: bob@caravan.test
      Subject: lunch
      Message-ID: <1@own.example>
      Date: Mon, 30 Nov 2026 10:00:00 +0000

      Dear Bob, see you at noon.
      """
          .replace("\n", "\r\n");
  private static final String VIRUS = CLEAN + PrivateClamd.EICAR + "\r\n";
  private static final String SPAM = CLEAN + PrivateSpamd.GTUBE + "\r\n";
  private static final String LATER = "451 4.7.1 Service unavailable - try again later";

  @TempDir Path directory;

  /// A server with an example among its routes.
  ///
  /// @param places what stands in the example, and what stands for it here
  private Server start(String example, Map<String, String> places, String... settings)
      throws IOException {
    Path where = Files.createDirectory(directory.resolve(example));
    Path routes = Edits.copyOfRoutes(where.resolve("routes"));
    String text = Files.readString(EXAMPLES.resolve(example));
    for (var place : places.entrySet()) {
      assertThat(text).as(example).contains(place.getKey());
      text = text.replace(place.getKey(), place.getValue());
    }
    Files.writeString(routes.resolve(example), text);
    var all = new String[settings.length + 4];
    System.arraycopy(settings, 0, all, 4, settings.length);
    all[0] = "--routes";
    all[1] = routes.toString();
    all[2] = "--set";
    all[3] = "recipients.own=[]";
    return Server.start(where.resolve("var"), all);
  }

  private static String send(Server caravan, String message) throws IOException {
    return send(caravan, "127.0.0.1", "bob", message);
  }

  private static String send(Server caravan, String client, String user, String message)
      throws IOException {
    try (var talk = Talk.from(client, caravan.smtp)) {
      return talk.send("ann@own.example", user + "@caravan.test", message);
    }
  }

  /// Sends a message that is to be taken, and returns it as it lies in the mailbox.
  private static String delivered(Server caravan, String message) throws IOException {
    int before = caravan.maildir("bob").size();
    assertThat(send(caravan, message)).startsWith("250 2.");
    return arrived(caravan, before + 1);
  }

  private static String arrived(Server caravan, int count) throws IOException {
    await().atMost(PATIENCE).until(() -> caravan.maildir("bob").size() >= count);
    List<Path> all = caravan.maildir("bob");
    assertThat(all).hasSize(count);
    return Files.readString(all.getLast(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void threeBeforeTheQueue() throws Exception {
    int normal = Ports.free();
    int dkim = Ports.free();
    Path keys = directory.resolve("keys");
    PrivateOpendkim.key(keys, "own.example");
    try (var clamd = PrivateClamd.start(directory.resolve("clamd"), Ports.free());
        var _ = PrivateRspamd.start(directory.resolve("rspamd"), normal, Ports.free());
        var _ =
            PrivateOpendkim.start(
                directory.resolve("opendkim"), dkim, "own.example", keys, "127.0.0.1")) {
      for (String kind : List.of("yaml", "xml")) {
        try (var caravan =
            start(
                "before-queue.camel." + kind,
                Map.of(
                    "127.0.0.1:11333",
                    "127.0.0.1:" + normal,
                    "127.0.0.1:8891",
                    "127.0.0.1:" + dkim,
                    "/run/clamav/clamd.ctl",
                    clamd.socket.toString()))) {
          assertThat(send(caravan, SPAM)).isEqualTo("554 5.7.1 Gtube pattern");
          assertThat(send(caravan, VIRUS))
              .isEqualTo("554 5.7.1 Message contains malware (Eicar-Test.UNOFFICIAL)");
          assertThat(delivered(caravan, CLEAN)).contains("X-Spamd-Bar: ", "d=own.example; s=sel;");
        }
      }
    }
  }

  @Test
  void twoAfterTheQueue() throws Exception {
    int spamd = Ports.free();
    int port = Ports.free();
    Path where = directory.resolve("clamd");
    try (var _ = PrivateSpamd.start(directory.resolve("spamd"), spamd)) {
      for (String kind : List.of("yaml", "xml")) {
        try (var caravan =
            start(
                "after-queue.camel." + kind,
                Map.of(
                    "/run/clamav/clamd.ctl",
                    where.resolve("sock").toString(),
                    "127.0.0.1:783",
                    "127.0.0.1:" + spamd),
                "--set",
                "routing.content-filter=filter.scan:",
                "--set",
                "queue.lanes=[1s]")) {
          assertThat(send(caravan, CLEAN)).startsWith("250 2.");
          await()
              .atMost(PATIENCE)
              .until(() -> caravan.says("status=deferred (a content filter gives no answer)"));
          assertThat(caravan.maildir("bob")).isEmpty();
          try (var _ = PrivateClamd.start(where, port)) {
            assertThat(arrived(caravan, 1)).contains("X-Spam-Status: No, score=");
            assertThat(delivered(caravan, CLEAN + "all work and no play\r\n".repeat(24_000)))
                .doesNotContain("X-Spam-Status: ");
            assertThat(send(caravan, VIRUS)).startsWith("250 2.");
            await()
                .atMost(PATIENCE)
                .until(() -> caravan.ask("quarantine", "list").contains("bob@caravan"));
          }
          assertThat(caravan.maildir("bob")).hasSize(2);
        }
      }
    }
  }

  @Test
  void milters() throws Exception {
    String resolver = "127.0.53.3";
    int dkim = Ports.free();
    int dmarc = Ports.free();
    Path keys = directory.resolve("keys");
    String key = PrivateOpendkim.key(keys, "own.example");
    try (var zones =
        SignedZones.in(directory.resolve("dns"))
            .unsigned("own.example", key + "\n_dmarc TXT \"v=DMARC1; p=reject\"")
            .start()) {
      zones.validating(resolver, 53);
      try (var _ =
              PrivateOpendkim.start(
                  directory.resolve("opendkim"), dkim, "own.example", keys, resolver);
          var _ = PrivateOpendmarc.start(directory.resolve("opendmarc"), dmarc, resolver);
          var caravan =
              start(
                  "milter.camel.yaml",
                  Map.of(
                      "127.0.0.1:8891",
                      "127.0.0.1:" + dkim,
                      "127.0.0.1:8893",
                      "127.0.0.1:" + dmarc),
                  "--set",
                  "networks.own=[127.0.0.1]",
                  "--set",
                  "dns.servers=['" + resolver + "']")) {
        assertThat(send(caravan, "127.0.0.9", "bob", CLEAN))
            .isEqualTo("550 5.7.1 rejected by DMARC policy for own.example");
      }
    }
  }

  @Test
  void clamd() throws Exception {
    Path where = directory.resolve("scanner");
    try (var caravan =
        start(
            "clamd.camel.yaml",
            Map.of("/run/clamav/clamd.ctl", where.resolve("sock").toString()))) {
      assertThat(send(caravan, CLEAN)).isEqualTo(LATER);
      try (var _ = PrivateClamd.start(where, Ports.free())) {
        assertThat(send(caravan, VIRUS))
            .isEqualTo("554 5.7.1 Message contains malware (Eicar-Test.UNOFFICIAL)");
        assertThat(delivered(caravan, CLEAN)).contains("see you at noon");
      }
    }
  }

  @Test
  void spamd() throws Exception {
    int port = Ports.free();
    try (var _ = PrivateSpamd.start(directory.resolve("spamd"), port);
        var caravan = start("spamd.camel.yaml", Map.of("127.0.0.1:783", "127.0.0.1:" + port))) {
      assertThat(send(caravan, SPAM)).isEqualTo("550 5.7.1 Message rejected as spam");
      assertThat(delivered(caravan, CLEAN)).contains("X-Spam-Status: No, score=");
    }
  }

  @Test
  void rspamd() throws Exception {
    int port = Ports.free();
    try (var caravan = start("rspamd.camel.yaml", Map.of("127.0.0.1:11333", "127.0.0.1:" + port))) {
      assertThat(delivered(caravan, CLEAN))
          .contains("X-Not-Filtered: rspamd http://127.0.0.1:" + port);
      try (var _ = PrivateRspamd.start(directory.resolve("rspamd"), port, Ports.free())) {
        assertThat(send(caravan, SPAM)).isEqualTo("554 5.7.1 Gtube pattern");
        assertThat(delivered(caravan, CLEAN))
            .contains("X-Spamd-Bar: ")
            .doesNotContain("X-Not-Filtered");
      }
    }
  }

  @Test
  void icap() throws Exception {
    int port = Ports.free();
    try (var clamd = PrivateClamd.start(directory.resolve("clamd"), Ports.free());
        var _ = PrivateIcap.start(directory.resolve("icap"), port, clamd.socket);
        var caravan = start("icap.camel.yaml", Map.of("127.0.0.1:1344", "127.0.0.1:" + port))) {
      assertThat(send(caravan, VIRUS)).startsWith("554 5.7.1 ").contains("Eicar-Test.UNOFFICIAL");
      assertThat(delivered(caravan, CLEAN)).contains("see you at noon");
    }
  }

  @Test
  void http() throws Exception {
    int port = Ports.free();
    try (var _ = service(port);
        var caravan = start("http.camel.yaml", Map.of("127.0.0.1:8025", "127.0.0.1:" + port))) {
      assertThat(send(caravan, attached("holiday.EXE")))
          .isEqualTo("554 5.7.1 Programs are not taken");
      assertThat(send(caravan, attached("sums.xlsm"))).startsWith("250 2.");
      assertThat(caravan.ask("quarantine", "list")).contains("bob@caravan.test");
      assertThat(delivered(caravan, attached("holiday.png"))).contains("X-Attachments: 1\n");
      assertThat(delivered(caravan, CLEAN)).contains("X-Attachments: 0\n");
    }
  }

  /// The same service after the queue, where it is asked again until it is there.
  @Test
  void httpAfterTheQueue() throws Exception {
    int port = Ports.free();
    String step = "http http://127.0.0.1:" + port + "/register";
    try (var caravan =
        start(
            "after-queue.camel.yaml",
            Map.of("clamd unix:/run/clamav/clamd.ctl", step, "spamd inet:127.0.0.1:783", step),
            "--set",
            "routing.content-filter=filter.scan:",
            "--set",
            "queue.lanes=[1s]")) {
      assertThat(send(caravan, CLEAN)).startsWith("250 2.");
      await()
          .atMost(PATIENCE)
          .until(() -> caravan.says("status=deferred (a content filter gives no answer)"));
      try (var _ = service(port)) {
        assertThat(arrived(caravan, 1)).containsOnlyOnce("X-Attachments: 0\n");
        assertThat(send(caravan, attached("holiday.exe"))).startsWith("250 2.");
        await()
            .atMost(PATIENCE)
            .until(() -> caravan.ask("quarantine", "list").contains("bob@caravan"));
      }
      assertThat(caravan.maildir("bob")).hasSize(1);
    }
  }

  /// The service in Python that is among the examples.
  private RunningProgram service(int port) throws IOException {
    return RunningProgram.start(
            RunningProgram.directory(directory.resolve("python")),
            Program.installed("python3", "python3"),
            EXAMPLES.resolve("hooks.py").toAbsolutePath().toString(),
            String.valueOf(port))
        .listening("127.0.0.1", port);
  }

  private static String attached(String name) {
    return """
    From: ann@own.example
    Subject: a file
    MIME-Version: 1.0
    Content-Type: application/octet-stream
    Content-Disposition: attachment; filename="%s"
    Content-Transfer-Encoding: base64

    TVo=
    """
        .formatted(name)
        .replace("\n", "\r\n");
  }

  @Test
  void smtp() throws Exception {
    int port = Ports.free();
    int back = Ports.free();
    try (var clamd = PrivateClamd.start(directory.resolve("clamd"), Ports.free());
        var _ = PrivateAmavis.start(directory.resolve("amavis"), port, back, clamd.socket);
        var caravan =
            start(
                "smtp.camel.yaml",
                Map.of("127.0.0.1:10024", "127.0.0.1:" + port),
                "--set",
                "listeners.reinjection.enabled=true",
                "--set",
                "listeners.reinjection.address=127.0.0.1:" + back)) {
      assertThat(send(caravan, VIRUS)).matches("554 5\\.7\\.0 Reject, id=\\S+ - INFECTED: .*");
      assertThat(delivered(caravan, CLEAN)).contains("X-Virus-Scanned: amavis");
    }
  }

  @Test
  void pipe() throws Exception {
    Path program = RunningProgram.directory(directory.resolve("bin")).resolve("disclaimer");
    Files.copy(EXAMPLES.resolve("disclaimer"), program);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    boolean root = System.getProperty("user.name").equals("root");
    String user = root ? "nobody" : System.getProperty("user.name");
    try (var caravan =
        start(
            "pipe.camel.yaml",
            Map.of(),
            "--set",
            "networks.own=[127.0.0.1]",
            "--set",
            "filters.programs=['disclaimer user=" + user + " argv=" + program + "']")) {
      assertThat(delivered(caravan, CLEAN))
          .endsWith("at noon.\n-- \nExample Ltd, registered in Exampleton\n");
      assertThat(send(caravan, "Sensitivity: Company-Confidential\r\n" + CLEAN))
          .isEqualTo("554 5.7.1 Confidential mail does not leave this house");
      assertThat(delivered(caravan, attached("a.png"))).endsWith("\n\nTVo=\n");
      assertThat(send(caravan, "127.0.0.9", "alice", CLEAN)).startsWith("250 2.");
      await().atMost(PATIENCE).until(() -> caravan.maildir("alice").size() == 1);
      assertThat(Files.readString(caravan.maildir("alice").getFirst())).endsWith("at noon.\n");
    }
  }
}
