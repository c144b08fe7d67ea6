package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 under load: every message answered 250 is delivered after the restart. One may come
/// twice if its delivery was in flight; how many did is printed.
class CrashTest {
  private static final int KILLS = Integer.getInteger("caravan.kills", 3);
  private static final long SEED = Long.getLong("caravan.seed", 20261123);

  @TempDir Path directory;

  @Test
  void everyMessageAnswered250IsDelivered() throws Exception {
    var random = new Random(SEED);
    var load = new Load("crash", 4096);
    int smtp = Ports.free();
    int submission = Ports.free();
    try (var sink = Sink.start()) {
      String[] settings = {
        "--set", "delivery.relayhost=[127.0.0.1]:" + sink.port, "--set", "queue.lanes=[1s]"
      };
      var caravan = start(smtp, submission, settings);
      load.start(smtp, 10, Integer.MAX_VALUE, "joe@elsewhere.example");
      for (int kill = 1; kill <= KILLS; kill++) {
        int before = load.accepted.size();
        int more = 50 + random.nextInt(400);
        await().atMost(Duration.ofSeconds(60)).until(() -> load.accepted.size() > before + more);
        caravan.kill();
        caravan = start(smtp, submission, settings);
      }
      load.end();
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () -> {
                var missing = new TreeSet<>(load.accepted);
                missing.removeAll(sink.arrived.keySet());
                assertThat(missing).as("answered 250 and not delivered").isEmpty();
              });
      long twice = sink.arrived.values().stream().filter(count -> count.get() > 1).count();
      System.out.printf(
          "%d kills: %d answered 250, 0 lost, %d delivered more than once%n",
          KILLS, load.accepted.size(), twice);
      assertThat(twice)
          .as("only what was in flight may come twice")
          .isLessThanOrEqualTo(KILLS * 500L);
      assertThat(caravan.terminate()).isZero();
    }
  }

  private Server start(int smtp, int submission, String... settings) throws Exception {
    return Server.on(smtp, submission, directory.resolve("var"), "-Xmx256m", settings);
  }
}
