package org.caravanmta.queue.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.letters;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.Ports;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker in another process, which is killed and started again.
class ExternalBrokerTest {
  @TempDir Path directory;
  private String port = "";

  @BeforeEach
  void pickPort() throws Exception {
    port = String.valueOf(Ports.free());
  }

  private Child broker() throws Exception {
    return Child.start(BrokerProcess.class, BrokerProcess.READY, directory.toString(), port);
  }

  private Depot depot() {
    return Depot.on(new RemoteBroker("tcp://127.0.0.1:" + port, "", ""));
  }

  @Test
  void whenTheBrokerComesBackMailGoesOnAndNothingIsLost() throws Exception {
    Set<String> kept = ConcurrentHashMap.newKeySet();
    Map<String, Integer> attempts = new ConcurrentHashMap<>();
    var slow = new CountDownLatch(1);
    var first = broker();
    try (var depot =
        depot()
            .route(to -> to.from("artemis:routing?consumers=2").to("artemis:delivery.smtp"))
            .route(
                to ->
                    to.from("artemis:delivery.smtp?settle=individual&window=20")
                        .process(
                            e -> {
                              var id = e.getMessage().getBody(Mail.class).id();
                              attempts.merge(id, 1, Integer::sum);
                              if (id.equals("letter3")) {
                                slow.await();
                              }
                            })
                        .to("artemis:report"))
            .start()) {
      for (Mail letter : letters(100)) {
        depot.keep("routing", letter);
        kept.add(letter.id());
      }
      depot.awaitDepth("report", 99);
      for (int i = 100; i < 300; i++) {
        var letter = letter("letter" + i);
        depot
            .send("artemis:routing", letter)
            .thenAccept(
                e -> {
                  if (e.getException() == null) {
                    kept.add(letter.id());
                  }
                });
      }
      first.kill();
      var refused = depot.send("artemis:routing", letter("refused")).get();
      assertThat(refused.getException()).isInstanceOf(QueueUnavailable.class);

      try (var _ = broker()) {
        await()
            .atMost(Duration.ofSeconds(90))
            .until(
                () -> depot.send("artemis:routing", letter("after")).get().getException() == null);
        // its first attempt is still under way, and is the only one
        slow.countDown();
        await()
            .atMost(Duration.ofSeconds(90))
            .untilAsserted(
                () -> {
                  assertThat(depot.depth("routing")).isZero();
                  assertThat(depot.depth("delivery.smtp")).isZero();
                  assertThat(depot.waitingIds("report")).containsAll(kept).contains("after");
                });
        assertThat(attempts).containsEntry("letter3", 1);
        assertThat(depot.depth("dead")).isZero();
        assertThat(depot.registry.get("caravan_queue_depth").tag("queue", "report").gauge().value())
            .isGreaterThanOrEqualTo(kept.size());
      }
    } finally {
      first.close();
    }
  }

  @Test
  void withoutABrokerTheStagesWaitForIt() throws Exception {
    try (var depot =
        depot().route(to -> to.from("artemis:routing").to("artemis:delivery.smtp")).start()) {
      assertThat(depot.send("artemis:routing", letter("early")).get().getException())
          .isInstanceOf(QueueUnavailable.class);
      try (var _ = broker()) {
        await()
            .atMost(Duration.ofSeconds(90))
            .until(
                () -> depot.send("artemis:routing", letter("late")).get().getException() == null);
        depot.awaitDepth("delivery.smtp", 1);
        assertThat(depot.waitingIds("delivery.smtp")).containsExactly("late");
      }
    }
  }
}
