package org.caravanmta.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.delivery.Destinations.Admission;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

class DestinationsTest {
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;

  @Test
  void furtherTasksWaitForTheirTurnAndOtherDestinationsDoNot() {
    var destinations = new Destinations(1, Duration.ofMinutes(5), Duration.ofSeconds(30), clock);
    var first = (Admission.Turn) destinations.enter("slow.example");
    var second = CompletableFuture.supplyAsync(() -> destinations.enter("Slow.Example"), VIRTUAL);
    await().until(() -> destinations.waiting("slow.example") == 1);
    ((Admission.Turn) destinations.enter("fast.example")).close();
    assertThat(second).isNotDone();
    first.close();
    assertThat(second.join()).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void whoWaitsInVainIsTurnedAwayAndThenSoIsWhoeverComesToACrowd() {
    var destinations = new Destinations(1, Duration.ofMinutes(5), Duration.ofMillis(800), clock);
    var slow = (Admission.Turn) destinations.enter("slow.example");
    assertThat(destinations.enter("slow.example")).isInstanceOf(Admission.Crowded.class);
    List<CompletableFuture<Admission>> crowd = new ArrayList<>();
    for (int i = 0; i < Destinations.SHARE; i++) {
      crowd.add(CompletableFuture.supplyAsync(() -> destinations.enter("slow.example"), VIRTUAL));
    }
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> destinations.waiting("slow.example") == Destinations.SHARE);
    assertThat(destinations.enter("slow.example")).isInstanceOf(Admission.Crowded.class);
    assertThat(crowd).noneMatch(CompletableFuture::isDone); // it did not wait behind them
    crowd.forEach(waiting -> assertThat(waiting.join()).isInstanceOf(Admission.Crowded.class));
    slow.close();
    assertThat(destinations.enter("slow.example")).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void onlyFailuresInARowSuspend() {
    var destinations = new Destinations(9, Duration.ofMinutes(5), Duration.ofSeconds(1), clock);
    for (int i = 0; i < Destinations.FAILURES; i++) {
      attempt(destinations, false);
      attempt(destinations, true);
    }
    assertThat(destinations.enter("dead.example")).isInstanceOf(Admission.Turn.class);
    for (int i = 0; i < Destinations.FAILURES; i++) {
      attempt(destinations, false);
    }
    assertThat(destinations.enter("dead.example"))
        .isEqualTo(
            new Admission.Suspended(
                Reason.of("4.4.1", "delivery temporarily suspended: no answer")));
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
    assertThat(destinations.enter("dead.example")).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void aDestinationThatDiesTurnsAwayWhoHasWaited() {
    var destinations = new Destinations(1, Duration.ofMinutes(5), Duration.ofSeconds(30), clock);
    for (int i = 1; i < Destinations.FAILURES; i++) {
      attempt(destinations, false);
    }
    var last = (Admission.Turn) destinations.enter("dead.example");
    var waiting = CompletableFuture.supplyAsync(() -> destinations.enter("dead.example"), VIRTUAL);
    await().until(() -> destinations.waiting("dead.example") == 1);
    last.failed(Reason.of("4.4.1", "no answer"));
    last.close();
    assertThat(waiting.join()).isInstanceOf(Admission.Suspended.class);
  }

  private static void attempt(Destinations destinations, boolean reached) {
    try (var turn = (Admission.Turn) destinations.enter("dead.example")) {
      if (reached) {
        turn.reached();
      } else {
        turn.failed(Reason.of("4.4.1", "no answer"));
      }
    }
  }
}
