package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import org.caravanmta.Ports;
import org.caravanmta.queue.BrokerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same routes with the queues in a broker of another process (`broker.url`): it is killed and
/// comes back, and mail goes on; Caravan is killed and comes back, and its mail is still there.
class SeparateBrokerTest {
  @TempDir Path directory;

  @Test
  void theBrokerAndCaravanMayEachBeKilled() throws Exception {
    int port = Ports.free();
    Path queues = directory.resolve("broker");
    var load = new Load("remote", 4096);
    var broker = BrokerProcess.start(queues, port);
    try (var sink = Sink.start()) {
      String[] settings = {
        "--set", "broker.url=tcp://127.0.0.1:" + port,
        "--set", "delivery.relayhost=[127.0.0.1]:" + sink.port,
        "--set", "queue.lanes=[1s]"
      };
      Path data = directory.resolve("var");
      var caravan = Server.start(data, settings);
      load.start(caravan.smtp, 5, Integer.MAX_VALUE, "joe@elsewhere.example");
      await().until(() -> load.accepted.size() > 100);

      broker.kill();
      await().atMost(Duration.ofSeconds(60)).until(() -> !load.otherReplies.isEmpty());
      assertThat(load.otherReplies).allMatch(reply -> reply.startsWith("4"));
      broker = BrokerProcess.start(queues, port);
      int before = load.accepted.size();
      await().atMost(Duration.ofSeconds(90)).until(() -> load.accepted.size() > before + 100);

      caravan.kill();
      try (var again = Server.on(caravan.smtp, caravan.submission, data, "-Xmx256m", settings)) {
        await().atMost(Duration.ofSeconds(60)).until(() -> load.accepted.size() > before + 200);
        load.end();
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(
                () -> {
                  var missing = new TreeSet<>(load.accepted);
                  missing.removeAll(sink.arrived.keySet());
                  assertThat(missing).as("answered 250 and not delivered").isEmpty();
                });
        assertThat(again.terminate()).isZero();
      }
    } finally {
      broker.kill();
    }
  }
}
