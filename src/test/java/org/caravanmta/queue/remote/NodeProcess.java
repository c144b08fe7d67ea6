package org.caravanmta.queue.remote;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.queue.Depot;

/// A node whose stages take mail from a broker elsewhere and never end it: `NodeProcess PORT COUNT`
/// says when so many are in the middle of one.
final class NodeProcess {
  private NodeProcess() {}

  static final String READY = "they are in flight";

  public static void main(String[] arguments) throws Exception {
    var begun = new AtomicInteger();
    var never = new CountDownLatch(1);
    var broker = new RemoteBroker("tcp://127.0.0.1:" + arguments[0], "", "");
    try (var _ =
        Depot.on(broker)
            .route(
                to ->
                    to.from("artemis:routing?settle=individual&window=100")
                        .process(
                            e -> {
                              begun.incrementAndGet();
                              never.await();
                            })
                        .to("artemis:report"))
            .route(
                to ->
                    to.from("artemis:delivery.smtp?batch=10")
                        .process(
                            e -> {
                              begun.incrementAndGet();
                              never.await();
                            })
                        .to("artemis:report"))
            .start()) {
      int wanted = Integer.parseInt(arguments[1]);
      await().atMost(Duration.ofSeconds(60)).until(() -> begun.get() >= wanted);
      System.out.println(READY);
      never.await();
    }
  }
}
