package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each stage is stopped in turn while mail flows. What was accepted before is delivered after it
/// runs again; what a client saw meanwhile is a 4yz, or the stage was skipped where the route says
/// so; the other stages go on.
class StagesTest {
  private static final Set<String> ASKED_BEFORE_250 = Set.of("rewriting", "checks");

  @TempDir static Path directory;
  private static Server caravan;
  private static Sink sink;

  @BeforeAll
  static void start() throws IOException {
    sink = Sink.start();
    caravan = Server.start(directory.resolve("var"), settings());
  }

  private static String[] settings() throws IOException {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    // a stopped stage is noticed soon
    Edits.replace(
        routes.resolve("reception.camel.yaml"), "requestTimeout=30s", "requestTimeout=500");
    Edits.replace(
        routes.resolve("reception.camel.yaml"), "requestTimeout=10s", "requestTimeout=500");
    // every client is asked about, also our own
    Edits.replace(
        routes.resolve("reception.camel.yaml"),
        "${body.open} == true && ${body.client.trusted} == false",
        "${body.open} == true");
    Edits.replace(
        routes.resolve("reception.camel.yaml"),
        "${body.client.own} == false",
        "${body.client.own} != null");
    return new String[] {
      "--routes",
      routes.toString(),
      "--set",
      "delivery.relayhost='[127.0.0.1]:" + sink.port + "'",
      "--set",
      "queue.lanes=[1s]"
    };
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    sink.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dnsbl",
        "greylist",
        "rewriting",
        "checks",
        "routing",
        "delivery.smtp",
        "retry",
        "report"
      })
  void aStoppedStageLosesNothing(String stage) throws Exception {
    var load =
        new Load(stage, 2000).start(caravan.smtp, 5, Integer.MAX_VALUE, "joe@elsewhere.example");
    await().until(() -> load.accepted.size() > 20);
    caravan.command("stage", "stop", stage);
    int whenStopped = load.accepted.size();

    if (ASKED_BEFORE_250.contains(stage)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> load.otherReplies.size() >= 5);
      assertThat(load.otherReplies).allMatch(reply -> reply.startsWith("451 4.3."));
    } else {
      await().atMost(Duration.ofSeconds(30)).until(() -> load.accepted.size() > whenStopped + 5);
      assertThat(load.otherReplies).isEmpty();
    }
    assertThat(caravan.command("stage", "list"))
        .containsPattern(Pattern.quote(stage) + "\\s+stopped");
    caravan.command("stage", "start", stage);
    int whenStarted = load.accepted.size();
    await().atMost(Duration.ofSeconds(30)).until(() -> load.accepted.size() > whenStarted + 20);
    load.end();

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              var missing = new TreeSet<>(load.accepted);
              missing.removeAll(sink.arrived.keySet());
              assertThat(missing).as("answered 250 and not delivered").isEmpty();
            });
    assertThat(List.copyOf(sink.arrived.values())).allMatch(count -> count.get() == 1);
  }
}
