package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.caravanmta.delivery.remote.Destinations.Admission;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

class DestinationsTest {
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;

  @Test
  void furtherTasksWaitForTheirTurnAndOtherDestinationsDoNot() {
    var destinations = destinations(1, 10);
    var first = (Admission.Turn) destinations.enter("slow.example");
    var second = CompletableFuture.supplyAsync(() -> destinations.enter("Slow.Example"), VIRTUAL);
    await().until(() -> destinations.waiting("slow.example") == 1);
    ((Admission.Turn) destinations.enter("fast.example")).close();
    assertThat(second).isNotDone();
    first.close();
    assertThat(second.join()).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void aBurstWaitsAndLeavesHalfOfWhatIsFreeToOthers() {
    var destinations = destinations(1, 8);
    var slow = (Admission.Turn) destinations.enter("slow.example");
    var burst = crowd(destinations, "slow.example", 4);
    await().until(() -> destinations.waiting("slow.example") == 4);
    // there is no room for a fifth, who waits for a moment and then comes again
    assertThat(destinations.enter("slow.example")).isInstanceOf(Admission.Crowded.class);
    assertThat(destinations.enter("slow.example")).isInstanceOf(Admission.Crowded.class);
    assertThat(burst).noneMatch(CompletableFuture::isDone);

    var other = (Admission.Turn) destinations.enter("other.example");
    var waiting = crowd(destinations, "other.example", 2);
    await().until(() -> destinations.waiting("other.example") == 2);
    other.close();
    assertThat(waiting).allMatch(each -> each.join() instanceof Admission.Turn);

    slow.close();
    assertThat(burst).allMatch(each -> each.join() instanceof Admission.Turn);
    assertThat(destinations.enter("slow.example")).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void theOnlyDestinationMayHaveItAll() {
    var destinations =
        new Destinations(
            RemoteExample.load(1, Duration.ZERO, LONG),
            new Load(5, 2, LONG, Duration.ofMillis(50), true),
            clock);
    var busy = (Admission.Turn) destinations.enter("filter");
    var burst = crowd(destinations, "filter", 20);
    await().until(() -> destinations.waiting("filter") == 20);
    busy.close();
    assertThat(burst).allMatch(each -> each.join() instanceof Admission.Turn);
  }

  @Test
  void noMoreAreAtWorkThanAllDestinationsMayHave() {
    var destinations =
        new Destinations(
            RemoteExample.load(5, Duration.ZERO, LONG), new Load(2, 9, LONG, LONG, false), clock);
    var one = (Admission.Turn) destinations.enter("one.example");
    var two = (Admission.Turn) destinations.enter("two.example");
    var three = crowd(destinations, "three.example", 1).getFirst();
    two.close();
    assertThat(three.join()).isInstanceOf(Admission.Turn.class);
    one.close();
  }

  @Test
  void aDestinationIsLeftInPeaceAfterEachMessage() {
    var rest = Duration.ofMillis(300);
    var destinations =
        new Destinations(
            RemoteExample.load(9, rest, LONG), new Load(9, 9, LONG, LONG, false), clock);
    long begun = System.nanoTime();
    var burst = crowd(destinations, "shy.example", 4);
    assertThat(burst).allMatch(each -> each.join() instanceof Admission.Turn);
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThanOrEqualTo(rest.multipliedBy(3));
  }

  @Test
  void onlyFailuresInARowSuspend() {
    var destinations = destinations(9, 10);
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
    var destinations = destinations(1, 10);
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

  private Destinations destinations(int concurrency, int room) {
    return new Destinations(
        RemoteExample.load(concurrency, Duration.ZERO, Duration.ofMinutes(5)),
        new Load(100, room, LONG, Duration.ofMillis(200), false),
        clock);
  }

  private static List<CompletableFuture<Admission>> crowd(
      Destinations destinations, String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> CompletableFuture.supplyAsync(() -> destinations.enter(name), VIRTUAL))
        // each turn that one of them gets is over at once
        .map(
            each ->
                each.whenComplete(
                    (admission, _) -> {
                      if (admission instanceof Admission.Turn turn) {
                        turn.close();
                      }
                    }))
        .toList();
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
