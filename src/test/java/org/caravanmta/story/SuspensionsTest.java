package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caravanmta.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the operator suspends and resumes while mail flows, from the command line to the servers.
class SuspensionsTest {
  private static final String MAIL = "Subject: suspended\r\nX-Seq: %s\r\n\r\nhello\r\n";
  private static final Pattern ID = Pattern.compile("\"queue_id\": \"([^\"]+)\"");
  private static final String US = System.getProperty("user.name");
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;
  private int port;
  private Sink sink;
  private Sink other;
  private Server caravan;

  @BeforeEach
  void start() throws IOException {
    port = Ports.free();
    sink = Sink.start();
    other = Sink.start();
    caravan = begin();
  }

  private Server begin() throws IOException {
    return Server.on(
        port,
        Ports.free(),
        directory.resolve("var"),
        "-Xmx256m",
        "--set",
        "routing.transport=['inline:{{flow.example=smtp:[127.0.0.1]:%1$d}, {two.example=smtp:[127.0.0.1]:%1$d}, {other.example=smtp:[127.0.0.1]:%2$d}, {files.example=camel:file:%3$s}}']"
            .formatted(sink.port, other.port, directory.resolve("files")),
        "--set",
        "queue.lanes=[1h]");
  }

  @AfterEach
  void stop() throws Exception {
    caravan.close();
    sink.close();
    other.close();
  }

  /// A burst of which some are at work, some wait in memory and some in queues is stopped in the
  /// middle; nothing else is, a flush and a restart change nothing, and all of it goes out at last.
  @Test
  void whatIsSuspendedWaitsThroughAFlushAndARestartAndGoesOutOnce() throws Exception {
    int many = 150;
    String hop = "[127.0.0.1]:" + sink.port;
    sink.willing = new CountDownLatch(1);
    long begun;
    try {
      send(many, "burst%d", "b%d@flow.example", ("x".repeat(70) + "\r\n").repeat(30));
      await().atMost(LONG).until(() -> ids("--queue", "waiting.smtp.*").size() > 100);
      String live = caravan.ask("queue", "destinations");
      assertThat(row(live, hop)).matches("smtp +\\Q" + hop + "\\E +1\\d\\d .* +window \\d+ of 20");
      assertThat(caravan.command("queue", "suspend", "--next-hop", hop, "--reason", "moving"))
          .isEqualTo("next-hop " + hop + ": suspended\n");
      begun = sink.messages.sum();
    } finally {
      sink.willing.countDown();
    }
    String why = "delivery to next-hop " + hop + " suspended by " + US + ": moving";
    await().atMost(LONG).until(() -> waiting(why).size() + count("burst") == many);
    assertThat(sink.messages.sum()).isEqualTo(begun).isLessThan(30);
    send(1, "later%d", "l%d@flow.example", "");
    send(50, "other%d", "o%d@other.example", "");
    await().atMost(LONG).until(() -> other.arrived.size() == 50);
    await().until(() -> waiting(why).size() + begun == many + 1);
    Set<String> held = waiting(why);
    assertThat(row(caravan.ask("queue", "destinations"), hop))
        .endsWith("suspended by " + US + ": moving");
    assertThat(caravan.ask("queue", "list", "--reason", "suspended by " + US))
        .contains("(" + why + ")");

    long lines = told(why);
    caravan.command("queue", "flush");
    caravan.command("queue", "flush", "--domain", "flow.example");
    await().atMost(LONG).until(() -> waiting(why).equals(held));
    assertThat(told(why)).as("told once").isEqualTo(lines).isEqualTo(held.size());
    caravan.close();
    caravan = begin();
    assertThat(caravan.ask("queue", "suspensions"))
        .matches("suspended .*\nnext-hop \\Q" + hop + "\\E +\\S+Z +" + US + " +moving\n");
    caravan.command("queue", "flush");
    send(1, "after%d", "a%d@flow.example", "");
    await().atMost(LONG).until(() -> waiting(why).size() == held.size() + 1);
    assertThat(ids("--domain", "flow.example", "--attempts", "1")).isEmpty();
    assertThat(sink.messages.sum()).isEqualTo(begun);

    assertThat(caravan.command("queue", "resume", "--next-hop", hop))
        .isEqualTo("next-hop %s: resumed, %d messages tried now\n".formatted(hop, held.size() + 1));
    await().atMost(LONG).until(() -> sink.arrived.size() == many + 2);
    await().atMost(LONG).until(() -> ids("--domain", "flow.example").isEmpty());
    assertThat(sink.arrived.values()).allSatisfy(times -> assertThat(times).hasValue(1));
    assertThat(caravan.ask("queue", "suspensions")).isEqualTo("nothing is suspended\n");
  }

  @Test
  void ofOneMessageOnlyTheRecipientsOfADomainWait() throws Exception {
    assertThat(caravan.command("queue", "suspend", "--domain", "tw?.example", "--json"))
        .matches(
            "\\{\"kind\": \"domain\", \"pattern\": \"tw\\?\\.example\", \"reason\": \"\","
                + " \"author\":"
                + " \"%s\", \"since\": \\d+}\n".formatted(US));
    try (var talk = Talk.to(caravan.smtp)) {
      for (String command :
          List.of(
              "MAIL FROM:<ann@caravan.test>",
              "RCPT TO:<a@flow.example>",
              "RCPT TO:<b@two.example>",
              "DATA")) {
        assertThat(talk.say(command)).matches("(?s)[23].*");
      }
      assertThat(talk.data(MAIL.formatted("both").getBytes(StandardCharsets.UTF_8)))
          .startsWith("250 ");
    }
    await().until(() -> sink.arrived.containsKey("both"));
    String why = "delivery to domain tw?.example suspended by " + US;
    await().until(() -> waiting(why).size() == 1);
    assertThat(caravan.ask("queue", "list", "--reason", "suspended by"))
        .contains("b@two.example")
        .doesNotContain("a@flow.example");
    assertThat(sink.arrived.get("both")).hasValue(1);
    assertThat(caravan.command("queue", "resume", "--domain", "*", "--json"))
        .contains("\"pattern\": \"tw?.example\"")
        .endsWith(", \"messages\": 1}\n");
    await().until(() -> sink.arrived.get("both").get() == 2);
    await().until(() -> ids().isEmpty());
  }

  @Test
  void everyTransportCanBeSuspended() throws Exception {
    for (String transport : List.of("local", "camel")) {
      caravan.command("queue", "suspend", "--transport", transport);
    }
    send(1, "local%d", "bob@caravan.test", "");
    send(1, "camel%d", "kim@files.example", "");
    await().until(() -> waiting("delivery to transport local suspended by " + US).size() == 1);
    await().until(() -> waiting("delivery to transport camel suspended by " + US).size() == 1);
    assertThat(caravan.maildir("bob")).isEmpty();
    assertThat(directory.resolve("files")).doesNotExist();
    assertThat(caravan.ask("queue", "destinations", "--json"))
        .contains("{\"transport\": \"camel\", \"next_hop\": \"*\"")
        .contains("\"held\": [{\"kind\": \"by-operator\", \"text\": \"suspended by " + US + "\"}]");
    assertThat(caravan.command("queue", "resume", "--transport", "*"))
        .isEqualTo(
            """
            transport local: resumed, 1 message tried now
            transport camel: resumed, 1 message tried now
            """);
    await().until(() -> caravan.maildir("bob").size() == 1);
    await().until(() -> Files.exists(directory.resolve("files")));
    await().until(() -> ids().isEmpty());
  }

  @Test
  void whatCannotBeMeantIsRefused() throws Exception {
    assertThat(caravan.commandThatEnds(2, "queue", "suspend", "--transport", "smpt"))
        .contains(
            "there is no transport smpt; there are camel, discard, error, filter, lmtp, local,"
                + " pipe, smtp, virtual");
    assertThat(caravan.commandThatEnds(2, "queue", "suspend"))
        .contains("say one of --transport, --next-hop and --domain");
    assertThat(caravan.commandThatEnds(1, "queue", "resume", "--domain", "x.example"))
        .contains("domain x.example is not suspended");
    assertThat(caravan.ask("queue", "suspensions", "--json")).isEmpty();
  }

  private static String row(String table, String nextHop) {
    return table
        .lines()
        .filter(line -> line.contains(" " + nextHop + " "))
        .findFirst()
        .orElseThrow();
  }

  private long told(String why) {
    return caravan.lines().stream().filter(line -> line.contains("(" + why + ")")).count();
  }

  private Set<String> waiting(String why) throws Exception {
    return ids("--queue", "deferred.*", "--reason", why);
  }

  private long count(String prefix) {
    Predicate<String> its = Pattern.compile(prefix + "\\d+").asMatchPredicate();
    return sink.arrived.keySet().stream().filter(its).count();
  }

  private void send(int count, String sequence, String to, String more) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      for (int i = 0; i < count; i++) {
        assertThat(
                talk.send(
                    "ann@caravan.test",
                    to.formatted(i),
                    MAIL.formatted(sequence.formatted(i)) + more))
            .startsWith("250 ");
      }
    }
  }

  private Set<String> ids(String... options) throws Exception {
    var words = new ArrayList<>(List.of("queue", "list", "--json", "--where", "all"));
    words.addAll(List.of(options));
    return ID.matcher(caravan.ask(words.toArray(String[]::new)))
        .results()
        .map(each -> each.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
