package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Content filters after the queue: which mail they see, what becomes of what they refuse, and of
/// mail about which they give no answer for too long.
@Execution(ExecutionMode.CONCURRENT)
class AfterQueueChoicesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STRANGER = "127.0.8.9";

  @TempDir Path directory;
  private ScriptedMilter first;
  private ScriptedMilter second;

  @BeforeEach
  void open() throws IOException {
    first = new ScriptedMilter();
    second = new ScriptedMilter();
  }

  @AfterEach
  void close() throws IOException {
    first.close();
    second.close();
  }

  /// A route after the queue.
  private static String route(String name, String steps) {
    return """
    - route:
        id: %1$s
        routeConfigurationId: failure
        from:
          uri: artemis:%1$s
          parameters: { settle: individual, window: 20 }
          steps:
    """
            .formatted(name)
        + steps.indent(8)
        + """
                - bean: { ref: filtered, method: settle }
                - to: artemis:routing
                - to: artemis:deferred.*
                - to: artemis:quarantine
                - to: artemis:hold
                - to: artemis:report
        """;
  }

  private static String step(ScriptedMilter milter) {
    return "- bean: { ref: \"milter " + milter.address() + "\" }\n";
  }

  private static String when(String condition, ScriptedMilter milter) {
    return "- filter:\n    simple: " + condition + "\n    steps:\n" + step(milter).indent(6);
  }

  private Path routes(String filters) throws IOException {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Files.writeString(routes.resolve("filters.camel.yaml"), filters);
    return routes;
  }

  private Server start(Path routes, String... settings) throws IOException {
    var all = new String[settings.length * 2 + 8];
    List<String> usual =
        List.of(
            "--routes",
            routes.toString(),
            "--set",
            "networks.own=[127.0.0.1]",
            "--set",
            "recipients.own=[]",
            "--set",
            "queue.lanes=[1s]");
    usual.toArray(all);
    for (int i = 0; i < settings.length; i++) {
      all[8 + 2 * i] = "--set";
      all[9 + 2 * i] = settings[i];
    }
    return Server.start(directory.resolve("var"), all);
  }

  private static void send(Server caravan, String client, String from, String to, String message)
      throws IOException {
    try (var talk = Talk.from(client, caravan.smtp)) {
      assertThat(talk.send(from, to, message)).startsWith("250 2.");
    }
  }

  @Test
  void tablesSayWhichMailIsFilteredAndConditionsByWhom() throws Exception {
    Path routes =
        routes(
            route(
                "filter.scan",
                when("${body.envelope.client.trusted} == false", first)
                    + when("${body.addresses} contains 'alice@'", second)
                    + when("${body.reversePath} regex '(?i).*@partner\\.example'", second)));
    Edits.replace(
        routes.resolve("restrictions.camel.yaml"),
        "- bean: { ref: smtpdRecipientRestrictions }",
        """
        - bean: { ref: smtpdRecipientRestrictions }
                - bean: { ref: "checkClientAccess inline:{ {127.0.8.9 = FILTER filter.scan:} }" }
                - bean: { ref: "checkSenderAccess inline:{ {partner.example = FILTER filter.scan:} }" }
                - bean: { ref: "checkRecipientAccess inline:{ {alice@caravan.test = FILTER filter.scan:} }" }
        """
            .stripTrailing());
    try (var caravan =
        start(routes, "checks.header=['pcre:{ {/^X-Scan:/ FILTER filter.scan:} }']")) {
      String plain = "Subject: x\r\n\r\nhello\r\n";
      send(caravan, "127.0.0.1", "joe@far.example", "bob@caravan.test", plain);
      send(caravan, STRANGER, "joe@far.example", "bob@caravan.test", plain);
      send(caravan, "127.0.0.1", "joe@far.example", "alice@caravan.test", plain);
      send(caravan, "127.0.0.1", "joe@Partner.example", "bob@caravan.test", plain);
      send(caravan, "127.0.7.9", "joe@far.example", "carol@caravan.test", "X-Scan: 1\r\n" + plain);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  caravan.maildir("bob").size() == 3
                      && caravan.maildir("alice").size() == 1
                      && caravan.maildir("carol").size() == 1);
      assertThat(first.heard())
          .filteredOn(line -> line.startsWith("R "))
          .containsExactlyInAnyOrder("R <bob@caravan.test>", "R <carol@caravan.test>");
      assertThat(second.heard())
          .filteredOn(line -> line.matches("[MR] .*"))
          .containsExactlyInAnyOrder(
              "M <joe@far.example>",
              "R <alice@caravan.test>",
              "M <joe@Partner.example>",
              "R <bob@caravan.test>");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "quarantine, quarantine, quarantine, hold",
    "report, report, quarantine, mark",
    "discard, nothing, nothing, filter.other"
  })
  void whatIsRefusedAndWhatIsNotAnswered(
      String refused, String ofOurs, String ofOthers, String failing) throws Exception {
    Path routes = routes(route("filter.scan", step(first)) + route("filter.other", step(second)));
    try (var caravan =
        start(
            routes,
            "routing.content-filter=filter.scan:",
            "filters.after-queue.refused=" + refused,
            "filters.after-queue.patience=2s",
            "filters.after-queue.failing=" + failing)) {
      first.answers('E', packet('y', text("554 5.7.1 no")));
      send(caravan, "127.0.0.1", "ann@caravan.test", "bob@caravan.test", "Subject: x\r\n\r\n");
      first.heardUntil("E");
      await().atMost(PATIENCE).until(() -> whereabouts(caravan, "ann", "bob").equals(ofOurs));
      first.forget();
      first.answers('E', packet('y', text("554 5.7.1 no")));
      send(caravan, STRANGER, "al@caravan.test", "ben@caravan.test", "Subject: x\r\n\r\n");
      first.heardUntil("E");
      await().atMost(PATIENCE).until(() -> whereabouts(caravan, "al", "ben").equals(ofOthers));

      first.close();
      send(caravan, STRANGER, "joe@far.example", "carol@caravan.test", "Subject: x\r\n\r\n");
      if (failing.equals("hold")) {
        await()
            .atMost(PATIENCE)
            .until(() -> caravan.ask("queue", "list", "hold").contains("carol@caravan.test"));
      } else {
        await().atMost(PATIENCE).until(() -> !caravan.maildir("carol").isEmpty());
        boolean marked =
            Files.readString(caravan.maildir("carol").getFirst()).contains("X-Not-Filtered: ");
        assertThat(marked).isEqualTo(failing.equals("mark"));
        assertThat(second.heard().contains("R <carol@caravan.test>")).isNotEqualTo(marked);
      }
      assertThat(caravan.maildir("bob")).isEmpty();
      assertThat(caravan.maildir("ben")).isEmpty();
    }
  }

  /// Where a message is that was refused.
  private static String whereabouts(Server caravan, String sender, String recipient)
      throws Exception {
    String queues = caravan.ask("queue", "list");
    boolean aside = caravan.ask("quarantine", "list").contains(recipient + "@caravan.test");
    boolean queued = queues.contains(recipient + "@caravan.test");
    return aside
        ? "quarantine"
        : !caravan.maildir(sender).isEmpty() ? "report" : queued ? "on its way" : "nothing";
  }
}
