package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.caravanmta.cli.Main;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The conditions that the examples of content filters show: which filter sees which mail.
@Execution(ExecutionMode.CONCURRENT)
class FilterConditionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SMALL = "Subject: x\r\n\r\nhello\r\n";
  private static final String LARGE = SMALL + "all work and no play\r\n".repeat(5_000);

  @TempDir Path directory;
  private final TreeMap<String, ScriptedMilter> milters = new TreeMap<>();

  @BeforeEach
  void open() throws IOException {
    for (int port = 8801; port <= 8809; port++) {
      milters.put(String.valueOf(port), new ScriptedMilter());
    }
  }

  @AfterEach
  void close() throws IOException {
    for (ScriptedMilter each : milters.values()) {
      each.close();
    }
  }

  private Server start(String example) throws IOException {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.copy("filters/" + example, routes);
    for (var each : milters.entrySet()) {
      Edits.replace(
          routes.resolve(example),
          "inet:127.0.0.1:" + each.getKey(),
          "" + each.getValue().address());
    }
    Path users = Files.writeString(directory.resolve("users"), "ann:{PLAIN}secret\n");
    return Server.start(
        directory.resolve("var"),
        "--routes",
        routes.toString(),
        "--set",
        "recipients.own=[]",
        "--set",
        "networks.own=[127.0.0.1]",
        "--set",
        "sasl.plaintext=true",
        "--set",
        "sasl.passwords=" + users);
  }

  /// Those that have seen a message since this was last asked.
  private Set<String> seenBy() {
    var seen = new TreeSet<String>();
    milters.forEach(
        (port, milter) -> {
          if (milter.heard().contains("E")) {
            seen.add(port);
          }
          milter.forget();
        });
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {"conditions.camel.yaml", "conditions.camel.xml"})
  void eachSeesItsMail(String example) throws Exception {
    try (var caravan = start(example)) {
      try (var talk = Talk.from("127.0.7.9", caravan.smtp)) {
        assertThat(talk.send("joe@far.example", "Bob@caravan.test", SMALL)).startsWith("250 2.");
      }
      assertThat(seenBy()).containsExactly("8801", "8804", "8805", "8808", "8809");
      try (var talk = Talk.from("127.0.8.9", caravan.smtp)) {
        assertThat(talk.send("joe@Partner.Example", "alice@caravan.test", LARGE))
            .startsWith("250 2.");
      }
      assertThat(seenBy()).containsExactly("8804", "8807", "8809");
      try (var talk = Talk.from("127.0.0.1", caravan.smtp)) {
        assertThat(talk.say("MAIL FROM:<joe@notpartner.example>")).startsWith("250 2.");
        assertThat(talk.say("RCPT TO:<notbob@caravan.test>")).startsWith("250 2.");
        assertThat(talk.say("RCPT TO:<alice@far.example>")).startsWith("250 2.");
        assertThat(talk.say("DATA")).startsWith("354");
        assertThat(talk.data(SMALL.getBytes(StandardCharsets.US_ASCII))).startsWith("250 2.");
      }
      assertThat(seenBy()).containsExactly("8803", "8806", "8808", "8809");
      try (var talk = Talk.from("127.0.0.1", caravan.smtp)) {
        String section = "X-Filler: all work and no play\r\n".repeat(3_000);
        assertThat(talk.send("joe@far.example", "joe@caravan.test", section + SMALL))
            .startsWith("250 2.");
      }
      assertThat(seenBy()).containsExactly("8803", "8808");
      // it is nobody of ours when it connects, and is when it has logged in
      try (var talk = Talk.from("127.0.8.9", caravan.submission)) {
        String login =
            Base64.getEncoder().encodeToString("\0ann\0secret".getBytes(StandardCharsets.US_ASCII));
        assertThat(talk.say("AUTH PLAIN " + login)).startsWith("235");
        assertThat(talk.send("ann@caravan.test", "bob@caravan.test", SMALL)).startsWith("250 2.");
      }
      assertThat(milters.get("8803").heard())
          .containsSubsequence("H client.example", "M <ann@caravan.test>", "E")
          .containsOnlyOnce("M <ann@caravan.test>");
      assertThat(caravan.says("no answer")).isFalse();
      assertThat(seenBy()).containsExactly("8802", "8803", "8805", "8808", "8809");
      // and what a program of this machine posts
      post(caravan);
      await().atMost(PATIENCE).until(() -> caravan.maildir("alice").size() == 2);
      assertThat(seenBy()).containsExactly("8803", "8808", "8809");
    }
  }

  private static void post(Server caravan) throws Exception {
    var run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "sendmail",
                "--data",
                caravan.data.toString(),
                "-fann@caravan.test",
                "alice@caravan.test")
            .redirectErrorStream(true)
            .start();
    try (var in = run.getOutputStream()) {
      in.write("Subject: x\n\nhello\n".getBytes(StandardCharsets.US_ASCII));
    }
    String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(printed).isZero();
  }
}
