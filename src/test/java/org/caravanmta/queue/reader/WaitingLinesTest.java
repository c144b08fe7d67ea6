package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.caravanmta.Ports;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Mail;
import org.caravanmta.message.PutBack;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Child;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.caravanmta.queue.remote.RemoteBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A burst for one destination waits in a queue of its own.
class WaitingLinesTest {
  private static final String FROM = "artemis:delivery.smtp?settle=individual&window=100";

  @TempDir Path directory;

  private final Few gate = new Few(2);
  private final Semaphore slow = new Semaphore(0);
  private final List<String> passed = Collections.synchronizedList(new ArrayList<>());

  /// Lets a few tasks for each destination begin.
  private record Few(int most, Map<String, AtomicInteger> inside, AtomicInteger peak)
      implements Gate {
    Few(int most) {
      this(most, new ConcurrentHashMap<>(), new AtomicInteger());
    }

    @Override
    public Optional<Place> enter(String nextHop) {
      AtomicInteger here = inside.computeIfAbsent(nextHop, _ -> new AtomicInteger());
      int now = here.incrementAndGet();
      if (now > most) {
        here.decrementAndGet();
        return Optional.empty();
      }
      peak.accumulateAndGet(now, Math::max);
      return Optional.of(here::decrementAndGet);
    }

    @Override
    public String line(String nextHop) {
      return nextHop;
    }
  }

  private static Mail to(String nextHop, String id) {
    Mail letter = letter(id);
    return letter.with(letter.envelope().with(Destination.of("smtp", nextHop)));
  }

  private void deliver(Exchange e) throws InterruptedException {
    Mail mail = e.getMessage().getBody(Mail.class);
    if (mail.envelope().destination().orElseThrow().nextHop().startsWith("slow")) {
      slow.acquire();
    }
    passed.add(mail.id());
  }

  private Depot stage(Depot depot) throws Exception {
    depot.component.setGates(Map.of("delivery.smtp", gate));
    return depot.route(to -> to.from(FROM).process(this::deliver).to("artemis:report")).start();
  }

  private static void keep(Depot depot, String nextHop, int from, int until) throws Exception {
    for (int i = from; i < until; i++) {
      depot.keep("delivery.smtp", to(nextHop, nextHop.substring(0, 4) + i));
    }
  }

  private static long waiting(Depot depot) {
    return Gates.lines("delivery.smtp").stream()
        .mapToLong(line -> Math.round(depot.runtime.broker().look(line).depth()))
        .sum();
  }

  @Test
  void aBurstKeepsNoOtherWaitingAndIsTakenInItsOrder() throws Exception {
    try (var depot = stage(Depot.at(directory))) {
      burst(depot);
    }
  }

  @Test
  void withABrokerElsewhereToo() throws Exception {
    String port = String.valueOf(Ports.free());
    try (var _ = Child.start(BrokerProcess.class, BrokerProcess.READY, directory.toString(), port);
        var depot = stage(Depot.on(new RemoteBroker("tcp://127.0.0.1:" + port, "", "")))) {
      burst(depot);
    }
  }

  private void burst(Depot depot) throws Exception {
    keep(depot, "slow.example", 0, 300);
    keep(depot, "fast.example", 0, 20);
    await().until(() -> passed.size() == 20);
    assertThat(passed).allMatch(id -> id.startsWith("fast"));
    await().atMost(Duration.ofSeconds(90)).until(() -> waiting(depot) == 298);

    // one at a time: those that come meanwhile are after those that wait
    gate.inside().get("slow.example").incrementAndGet();
    slow.release(1);
    keep(depot, "slow.example", 300, 350);
    slow.release(400);
    await().atMost(Duration.ofSeconds(90)).until(() -> passed.size() == 370);
    await().atMost(Duration.ofSeconds(90)).until(() -> waiting(depot) == 0);
    // the first two began together
    assertThat(passed.subList(23, 370)).isEqualTo(ids(3, 350));
    assertThat(gate.peak()).hasValue(2);
    depot.awaitDepth("report", 370);
  }

  private static List<String> ids(int from, int until) {
    var ids = new ArrayList<String>();
    for (int i = from; i < until; i++) {
      ids.add("slow" + i);
    }
    return ids;
  }

  @Test
  void manyBurstsShareLinesAndAllAreTaken() throws Exception {
    try (var depot = stage(Depot.at(directory))) {
      for (int i = 0; i < 40; i++) {
        keep(depot, "slow" + i + ".example", i * 10, i * 10 + 10);
      }
      keep(depot, "fast.example", 0, 1);
      await().until(() -> passed.size() == 1);
      slow.release(400);
      await().atMost(Duration.ofSeconds(90)).until(() -> passed.size() == 401);
      assertThat(passed).doesNotHaveDuplicates();
      await().until(() -> waiting(depot) == 0);
    }
  }

  @Test
  void whatWaitsWhenTheProcessIsKilledIsTakenAfterwards(@TempDir Path killed) throws Exception {
    try (var depot = stage(Depot.at(directory))) {
      keep(depot, "slow.example", 0, 100);
      await().until(() -> waiting(depot) == 98);
      Letters.copy(directory, killed.resolve("broker"));
      slow.release(100);
      depot.awaitDepth("report", 100);
    }
    passed.clear();
    slow.drainPermits();
    try (var again = stage(Depot.at(killed.resolve("broker")))) {
      keep(again, "slow.example", 100, 120);
      keep(again, "fast.example", 0, 5);
      await().until(() -> passed.size() == 5);
      slow.release(1000);
      await().atMost(Duration.ofSeconds(60)).until(() -> passed.size() == 125);
      assertThat(passed).doesNotHaveDuplicates();
      again.awaitDepth("report", 125);
    }
  }

  @Test
  void aTaskThatIsPutBackComesAgain() throws Exception {
    var times = new AtomicInteger();
    try (var depot = Depot.at(directory)) {
      depot
          .route(
              to ->
                  to.from(FROM)
                      .process(
                          e -> {
                            if (times.incrementAndGet() < 3) {
                              e.getMessage().setBody(new PutBack());
                            }
                          })
                      .to("artemis:report"))
          .start();
      depot.keep("delivery.smtp", to("fast.example", "letter"));
      depot.awaitDepth("report", 1);
      depot.awaitDepth("delivery.smtp", 0);
      assertThat(times).hasValue(3);
    }
  }
}
