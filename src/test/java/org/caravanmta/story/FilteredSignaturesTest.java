package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.Ports;
import org.caravanmta.peers.FilterRoutes;
import org.caravanmta.peers.PrivateAmavis;
import org.caravanmta.peers.PrivateClamd;
import org.caravanmta.peers.PrivateIcap;
import org.caravanmta.peers.PrivateOpendkim;
import org.caravanmta.peers.PrivateRspamd;
import org.caravanmta.peers.PrivateSpamd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signatures (RFC 6376) of mail that content filters have nothing against still hold when it has
/// passed them, however awkward it is ({@link AwkwardMail}): what comes back from a filter is the
/// message, and not one that is like it. dkimpy signs and verifies.
class FilteredSignaturesTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path SCRIPT = Path.of("src/test/resources/dkim/dkim-many.py");

  @TempDir static Path directory;
  private static final Map<String, String> ARRIVED = new ConcurrentHashMap<>();
  private static final Map<String, Integer> PORTS = new TreeMap<>();
  private static Path key;
  private static Path before;
  private static ReceivingServer sink;
  private static Server caravan;

  @BeforeAll
  static void start() throws Exception {
    if (!Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/dkim"))) {
      System.out.println("SKIPPED: dkimpy is not here; apt-get install python3-dkim");
      Assumptions.abort("no dkimpy");
    }
    key = directory.resolve("key.pem");
    run(installed("openssl", "openssl"), "genrsa", "-traditional", "-out", key.toString(), "1024");
    before = Files.createDirectory(directory.resolve("before"));
    for (var message : AwkwardMail.all().entrySet()) {
      Files.writeString(
          before.resolve(message.getKey() + ".eml"),
          message.getValue(),
          StandardCharsets.ISO_8859_1);
    }
    run(PYTHON, SCRIPT.toString(), "sign", key.toString(), before.toString());
    for (String name :
        List.of("clamd", "spamd", "rspamd", "rmilter", "icap", "amavis", "opendkim", "back")) {
      PORTS.put(name, Ports.free());
    }
    String choices =
        choice("clamd", "clamd inet:127.0.0.1:PORT")
            + choice("spamd", "spamd inet:127.0.0.1:PORT")
            + choice("rspamd", "rspamd http://127.0.0.1:PORT")
            + choice("rmilter", "milter inet:127.0.0.1:PORT")
            + choice("opendkim", "milter inet:127.0.0.1:PORT")
            + choice("icap", "icap icap://127.0.0.1:PORT/echo")
            + choice("amavis", "smtp inet:127.0.0.1:PORT");
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
    sink =
        ReceivingServer.start(
            "127.0.0.1",
            0,
            "250-8BITMIME\r\n250-SIZE\r\n250 SMTPUTF8",
            message -> {
              for (String recipient : message.recipients()) {
                ARRIVED.put(recipient, message.text());
              }
              return "250 2.0.0 Ok";
            });
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "rewriting.local-clients=[]",
            "--set",
            "listeners.reinjection.enabled=true",
            "--set",
            "listeners.reinjection.address=127.0.0.1:" + PORTS.get("back"),
            "--set",
            "delivery.relayhost=[127.0.0.1]:" + sink.port(),
            "--routes",
            routes.toString());
    assertNoneIsTakenUnseen();
  }

  private static String choice(String name, String step) {
    return """
    - simple: ${body.mail.recipients[0].address} regex '.*@%s.example'
      steps:
        - bean: { ref: "%s" }
    """
        .formatted(name, step.replace("PORT", String.valueOf(PORTS.get(name))));
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {caravan, sink}) {
      if (each != null) {
        each.close();
      }
    }
  }

  /// So that none of the following goes past its filter. Once: a filter that is away again and
  /// again is not asked for a while.
  private static void assertNoneIsTakenUnseen() throws Exception {
    for (String filter : PORTS.keySet()) {
      if (!filter.equals("back")) {
        try (var talk = Talk.to(caravan.smtp)) {
          assertThat(
                  talk.send("ann@caravan.test", "x@" + filter + ".example", "Subject: x\r\n\r\n"))
              .as(filter)
              .isEqualTo("451 4.7.1 Service unavailable - try again later");
        }
      }
    }
  }

  @Test
  void clamd() throws Exception {
    try (var _ = PrivateClamd.start(directory.resolve("clamd"), PORTS.get("clamd"))) {
      hold("clamd", "");
    }
  }

  @Test
  void spamd() throws Exception {
    try (var _ = PrivateSpamd.start(directory.resolve("spamd"), PORTS.get("spamd"))) {
      hold("spamd", "X-Spam-Status: ");
    }
  }

  @Test
  void rspamd() throws Exception {
    try (var _ =
        PrivateRspamd.start(
            directory.resolve("rspamd"), PORTS.get("rspamd"), PORTS.get("rmilter"))) {
      hold("rspamd", "X-Spamd-Bar: ");
      hold("rmilter", "X-Spamd-Bar: ");
    }
  }

  @Test
  void icap() throws Exception {
    try (var clamd = PrivateClamd.start(directory.resolve("icap-clamd"), Ports.free());
        var _ = PrivateIcap.start(directory.resolve("icap"), PORTS.get("icap"), clamd.socket)) {
      hold("icap", "");
    }
  }

  @Test
  void opendkim() throws Exception {
    // which signs them once more: its signature is above those that there are
    Path own = Files.createDirectory(directory.resolve("own"));
    Files.copy(key, own.resolve(PrivateOpendkim.SELECTOR + ".private"));
    try (var _ =
        PrivateOpendkim.start(
            directory.resolve("opendkim"),
            PORTS.get("opendkim"),
            "caravan.test",
            own,
            "127.0.0.1")) {
      hold(
          "opendkim",
          "DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=caravan.test; s=sel;",
          // libmilter reads no field of more than 64 KiB, and opendkim no longer header section
          "huge.empty: 451 4.7.1 Service unavailable - try again later");
    }
  }

  @Test
  void amavis() throws Exception {
    try (var clamd = PrivateClamd.start(directory.resolve("amavis-clamd"), Ports.free());
        var _ =
            PrivateAmavis.start(
                directory.resolve("amavis"),
                PORTS.get("amavis"),
                PORTS.get("back"),
                clamd.socket)) {
      hold("amavis", "X-Virus-Scanned: amavis");
    }
  }

  /// Each header section, each body and each file of them.
  private static boolean isOneOfThem(String name) {
    return name.endsWith(".empty") || name.startsWith("plain.") || name.startsWith("file.");
  }

  /// Sends all messages through a filter. All signatures hold, but for lines of more than 998
  /// characters, which are broken on the way out (RFC 5321 §4.5.3.1.6).
  ///
  /// @param added what it adds to most of them
  /// @param refusals what it is given and does not take
  private static void hold(String filter, String added, String... refusals) throws Exception {
    var sent = new ArrayList<String>();
    var refused = new ArrayList<String>();
    for (String name :
        AwkwardMail.all().keySet().stream().filter(FilteredSignaturesTest::isOneOfThem).toList()) {
      try (var talk = Talk.to(caravan.smtp)) {
        String to = name + "@" + filter + ".example";
        String said = send(talk, to, Files.readAllBytes(before.resolve(name + ".signed")));
        if (said.startsWith("250 ")) {
          sent.add(to);
        } else {
          refused.add(name + ": " + said);
        }
      }
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(ARRIVED.keySet()).containsAll(sent));
    Path after = Files.createDirectory(directory.resolve("after-" + filter));
    for (String to : sent) {
      Files.writeString(after.resolve(to), ARRIVED.get(to), StandardCharsets.ISO_8859_1);
    }
    assertThat(refused).as(filter).containsExactly(refusals);
    assertThat(sent)
        .filteredOn(to -> ARRIVED.get(to).contains(added))
        .as(filter + " adds " + added)
        .hasSizeGreaterThan(sent.size() * 3 / 4);
    List<String> lines =
        run(PYTHON, SCRIPT.toString(), "verify", key.toString(), after.toString()).lines().toList();
    assertThat(lines).hasSize(sent.size());
    assertThat(lines)
        .as(filter)
        .filteredOn(line -> !line.contains("simple/simple=ok relaxed/relaxed=ok simple/relaxed=ok"))
        // spamd marks the subject of what it takes for spam
        .filteredOn(line -> !ARRIVED.get(line.split(" ", 2)[0]).contains("Subject: *SPAM*"))
        // amavisd writes NUL as two bytes
        .filteredOn(line -> !line.startsWith("plain.nul@amavis.example "))
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactly("file.long-lines@" + filter + ".example");
  }

  private static String send(Talk talk, String to, byte[] message) throws IOException {
    assertThat(talk.say("MAIL FROM:<ann@caravan.test> BODY=8BITMIME")).startsWith("250");
    assertThat(talk.say("RCPT TO:<" + to + ">")).startsWith("250");
    assertThat(talk.say("DATA")).startsWith("354");
    String text = new String(message, StandardCharsets.ISO_8859_1);
    String stuffed = (text.startsWith(".") ? "." : "") + text.replace("\r\n.", "\r\n..");
    return talk.data(stuffed.getBytes(StandardCharsets.ISO_8859_1));
  }
}
