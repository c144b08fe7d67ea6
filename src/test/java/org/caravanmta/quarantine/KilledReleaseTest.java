package org.caravanmta.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.remote.RemoteBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that share a broker release the same mail, and are killed in the middle: each message goes
/// on once, and none is left between two queues.
class KilledReleaseTest {
  private static final int LETTERS = 2_000;

  @TempDir Path directory;

  @Test
  void nothingIsLostOrDoubled() throws Exception {
    int port = Ports.free();
    try (var _ = BrokerProcess.start(directory, port)) {
      String url = "tcp://127.0.0.1:" + port;
      var sent = new ArrayList<String>();
      try (var depot = Depot.on(new RemoteBroker(url, "", ""))) {
        depot.component.setQueues(Ward.QUEUES);
        depot.route(to -> to.from("direct:in").to("artemis:quarantined")).start();
        for (int i = 0; i < LETTERS; i++) {
          Mail mail = Ward.detained("letter" + i, "x", Instant.EPOCH, "kim@own.example");
          sent.add(mail.id());
          depot.send("artemis:quarantined", mail);
        }
        depot.awaitDepth("quarantined", LETTERS);
        QueueAdmin admin = ReleasingProcess.admin(url);
        // more of them go on each time, until one is killed in the middle
        for (int kill = 0; kill < 4 && depot.depth("quarantined") > 0; kill++) {
          long before = depot.depth("routing");
          try (var one = Child.start(ReleasingProcess.class, ReleasingProcess.READY, "" + port);
              var other = Child.start(ReleasingProcess.class, ReleasingProcess.READY, "" + port)) {
            await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> depot.depth("routing") > before || depot.depth("operator") > 0);
            one.kill();
            other.kill();
          }
        }
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () -> {
                  admin.giveBack();
                  ReleasingProcess.release(admin);
                  assertThat(depot.depth("routing")).isEqualTo(LETTERS);
                });
        assertThat(depot.depth("operator")).isZero();
        assertThat(depot.depth("quarantined")).isZero();
        List<String> ids = depot.waitingIds("routing");
        assertThat(ids).containsExactlyInAnyOrderElementsOf(sent);
      }
    }
  }
}
