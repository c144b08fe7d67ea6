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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// A DKIM signature (RFC 6376) that was made before a message came to us still verifies after we
/// have passed it on: three ways to canonicalize, a corpus of messages that are hard to leave as
/// they are ({@link AwkwardMail}), and dkimpy as who signs and verifies.
@TestInstance(Lifecycle.PER_CLASS)
class SignaturesTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path SCRIPT = Path.of("src/test/resources/dkim/dkim-many.py");
  private static final String WHOLE =
      "250-SIZE 100000000\r\n250-CHUNKING\r\n250-PIPELINING\r\n250 8BITMIME";

  private final Map<String, String> arrived = new ConcurrentHashMap<>();
  private Path directory;
  private Path key;

  @BeforeAll
  void key(@TempDir Path temporary) throws Exception {
    directory = temporary;
    installed("python3", "python3");
    if (!Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/dkim"))) {
      System.out.println("SKIPPED: dkimpy is not here; apt-get install python3-dkim");
      Assumptions.abort("no dkimpy");
    }
    key = directory.resolve("key.pem");
    run(installed("openssl", "openssl"), "genrsa", "-traditional", "-out", key.toString(), "1024");
  }

  @Test
  void signaturesMadeBeforeVerifyAfter() throws Exception {
    Map<String, String> messages = AwkwardMail.all();
    assertThat(messages).hasSizeGreaterThan(300);
    Path before = signed(messages);
    assertThat(verified(before))
        .as("before")
        .hasSize(messages.size())
        .allMatch(SignaturesTest::good);

    try (var whole = ReceivingServer.start("127.0.0.1", 0, WHOLE, this::take);
        var bare = ReceivingServer.start("127.0.0.1", 0, "250 8BITMIME", this::take);
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "rewriting.local-clients=[]",
                "--set",
                "routing.transport=[\"inline:{whole.example=smtp:[127.0.0.1]:%d,bare.example=smtp:[127.0.0.1]:%d}\"]"
                    .formatted(whole.port(), bare.port()))) {
      try (var talk = Talk.to(caravan.smtp)) {
        for (String name : messages.keySet()) {
          send(talk, name, Files.readAllBytes(before.resolve(name + ".signed")));
        }
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> arrived.size() == 2 * messages.size());
    }
    Path after = Files.createDirectory(directory.resolve("after"));
    for (var message : arrived.entrySet()) {
      Files.writeString(
          after.resolve(message.getKey()), message.getValue(), StandardCharsets.ISO_8859_1);
    }

    List<String> lines = verified(after);
    assertThat(lines).as("after").hasSize(2 * messages.size());
    // lines of more than 998 characters are broken (RFC 5321 §4.5.3.1.6), as Postfix does
    assertThat(lines)
        .filteredOn(line -> !good(line))
        .extracting(line -> line.split(" ", 2)[0])
        .containsExactlyInAnyOrder("file.long-lines@bare.example", "file.long-lines@whole.example");
  }

  private static boolean good(String line) {
    return line.contains("simple/simple=ok relaxed/relaxed=ok simple/relaxed=ok");
  }

  private Path signed(Map<String, String> messages) throws Exception {
    Path before = Files.createDirectory(directory.resolve("before"));
    for (var message : messages.entrySet()) {
      Files.writeString(
          before.resolve(message.getKey() + ".eml"),
          message.getValue(),
          StandardCharsets.ISO_8859_1);
    }
    run(PYTHON, SCRIPT.toString(), "sign", key.toString(), before.toString());
    return before;
  }

  private List<String> verified(Path where) throws Exception {
    return run(PYTHON, SCRIPT.toString(), "verify", key.toString(), where.toString())
        .lines()
        .toList();
  }

  private String take(ReceivingServer.Message message) {
    for (String recipient : message.recipients()) {
      arrived.put(recipient, message.text());
    }
    return "250 2.0.0 Ok";
  }

  private static void send(Talk talk, String name, byte[] message) throws IOException {
    assertThat(talk.say("MAIL FROM:<ann@caravan.test> BODY=8BITMIME")).startsWith("250");
    for (String domain : List.of("whole.example", "bare.example")) {
      assertThat(talk.say("RCPT TO:<" + name + "@" + domain + ">")).startsWith("250");
    }
    assertThat(talk.say("DATA")).startsWith("354");
    String text = new String(message, StandardCharsets.ISO_8859_1);
    String stuffed = (text.startsWith(".") ? "." : "") + text.replace("\r\n.", "\r\n..");
    assertThat(talk.data(stuffed.getBytes(StandardCharsets.ISO_8859_1))).as(name).startsWith("250");
  }
}
