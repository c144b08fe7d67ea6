package org.caravanmta.queue.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.Letters.letters;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.Ports;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.Depot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that share a broker and are killed with mail in the middle of their stages: the broker
/// counts its deliveries over all of them, and no message is to blame.
class NodeKillTest {
  private static final int KILLS = 9;
  private static final int LETTERS = 30;

  @TempDir Path directory;

  @Test
  void nothingGoodGoesToDead() throws Exception {
    int port = Ports.free();
    try (var _ = BrokerProcess.start(directory, port)) {
      String url = "tcp://127.0.0.1:" + port;
      try (var depot = Depot.on(new RemoteBroker(url, "", "")).start()) {
        for (Mail letter : letters(2 * LETTERS)) {
          boolean even = Integer.parseInt(letter.id().substring("letter".length())) % 2 == 0;
          depot.keep(even ? "routing" : "delivery.smtp", letter);
        }
      }
      for (int kill = 0; kill < KILLS; kill++) {
        // all of one stage, and the head of the other
        Child.start(
                NodeProcess.class,
                NodeProcess.READY,
                String.valueOf(port),
                String.valueOf(LETTERS + 1))
            .kill();
      }
      try (var depot =
          Depot.on(new RemoteBroker(url, "", ""))
              .route(to -> to.from("artemis:routing?settle=individual").to("artemis:report"))
              .route(to -> to.from("artemis:delivery.smtp").to("artemis:report"))
              .start()) {
        depot.awaitDepth("report", 2 * LETTERS);
        assertThat(depot.depth("dead")).isZero();
        List<String> all = letters(2 * LETTERS).stream().map(Mail::id).toList();
        assertThat(depot.waitingIds("report")).containsExactlyInAnyOrderElementsOf(all);
      }
    }
  }
}
