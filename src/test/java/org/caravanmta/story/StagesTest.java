package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.story.StageProof.Fate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Each stage is stopped in turn while mail flows, and some are slowed, break or are killed. What
/// was accepted before is delivered after it runs again; what a client saw meanwhile is a 4yz, or
/// the stage was skipped where the route says so; the other stages go on. `src/proof/stages` does
/// all of it to every stage.
class StagesTest {
  static final List<String> STAGES = StageProof.STAGES;

  @TempDir static Path directory;
  private static Server caravan;
  private static Sink sink;

  @BeforeAll
  static void start() throws IOException {
    sink = Sink.start();
    Path routes = StageProof.routes(directory.resolve("routes"));
    caravan = Server.start(directory.resolve("var"), StageProof.settings(routes, sink));
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    sink.close();
  }

  @ParameterizedTest
  @FieldSource("STAGES")
  void aStoppedStageLosesNothing(String stage) throws Exception {
    var result = StageProof.stopped(caravan, sink, stage);

    assertThat(result.account().lost()).as("answered 250 and not delivered").isEmpty();
    assertThat(result.account().moreThanOnce()).isZero();
    assertThat(caravan.says("graceful shutdown")).as("stopped by force").isFalse();
    if (StageProof.ASKED_BEFORE_250.contains(stage)) {
      assertThat(result.refused()).isNotEmpty().allMatch(reply -> reply.startsWith("451 4.3."));
    } else {
      assertThat(result.refused()).isEmpty();
    }
  }

  /// A server that takes its time with its reply has the message once, not again when the stage
  /// goes on.
  @Test
  void aStoppedStageFinishesWhatItHasBegun() throws Exception {
    sink.willing = new CountDownLatch(1);
    long before = sink.messages.sum();
    try (var talk = Talk.to(caravan.smtp)) {
      talk.send("bob@caravan.test", "slow@elsewhere.example", "X-Seq: slow\r\n\r\n");
    }
    await().until(() -> sink.messages.sum() == before + 1);

    var stop = CompletableFuture.runAsync(() -> caravan.ask("stage", "stop", "delivery.smtp"));
    await().until(() -> caravan.ask("stage", "list").matches("(?s).*delivery\\.smtp +stopping.*"));
    // longer than the end of a process would wait
    await().during(Duration.ofSeconds(7)).atMost(Duration.ofSeconds(9)).until(() -> !stop.isDone());
    sink.willing.countDown();
    stop.join();
    assertThat(caravan.ask("stage", "list")).containsPattern("delivery\\.smtp +stopped");

    assertThat(caravan.lines())
        .anyMatch(line -> line.contains("to=<slow@") && line.contains("status=sent"));
    caravan.ask("stage", "start", "delivery.smtp");
    try (var talk = Talk.to(caravan.smtp)) {
      talk.send("bob@caravan.test", "next@elsewhere.example", "X-Seq: next\r\n\r\n");
    }
    await().until(() -> caravan.says("to=<next@elsewhere.example>"));
    assertThat(sink.messages.sum()).isEqualTo(before + 2);
  }

  @Test
  void aStageThatBreaksLosesNothing() throws Exception {
    var result = StageProof.run(directory.resolve("broken"), "routing", Fate.BROKEN);

    assertThat(result.account().lost()).as("answered 250 and not delivered").isEmpty();
    assertThat(result.account().moreThanOnce()).isZero();
    assertThat(result.refused()).isEmpty();
  }

  @Test
  void aStageWhoseProcessIsKilledLosesNothing() throws Exception {
    var result =
        StageProof.run(
            java.nio.file.Files.createDirectory(directory.resolve("killed")),
            "routing",
            Fate.KILLED);

    assertThat(result.account().lost()).as("answered 250 and not delivered").isEmpty();
    assertThat(result.refused()).isEmpty();
  }
}
