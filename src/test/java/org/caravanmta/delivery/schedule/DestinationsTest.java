package org.caravanmta.delivery.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.shaping.ServerGroups;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingSettings;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Reason;
import org.caravanmta.queue.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationsTest {
  private static final Executor VIRTUAL = Thread::startVirtualThread;

  private static final Duration LONG = Duration.ofSeconds(30);

  private static final Admission SUSPENDED =
      new Admission.Suspended(Reason.of("4.4.1", "delivery temporarily suspended: no answer"));

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;

  @Test
  void furtherTasksWaitForTheirTurnAndOtherDestinationsDoNot() {
    var destinations = destinations(1, 10);
    var first = (Admission.Turn) destinations.await("slow.example");
    var second = CompletableFuture.supplyAsync(() -> destinations.await("Slow.Example"), VIRTUAL);
    await().until(() -> destinations.waiting("slow.example") == 1);
    ((Admission.Turn) destinations.await("fast.example")).close();
    assertThat(second).isNotDone();
    first.close();
    assertThat(second.join()).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void aBurstHasPlacesAndLeavesHalfOfWhatIsFreeToOthers() {
    var destinations = destinations(1, 8);
    // one could be at work, and another be next when that is done
    var slow = places(destinations, "slow.example", 100);
    assertThat(slow).hasSize(1 + 2);
    assertThat(places(destinations, "other.example", 100)).hasSize(1 + 2);

    slow.getFirst().leave();
    assertThat(places(destinations, "slow.example", 100)).hasSize(1);
  }

  @Test
  void aFastDestinationHasMorePlacesButNotThoseOfOthers() {
    var destinations = destinations(20, 8);
    for (int i = 0; i < 200; i++) {
      ((Admission.Turn) destinations.await("fast.example")).close();
    }
    // as many as could be at work, and of the others half
    assertThat(places(destinations, "fast.example", 100)).hasSize(5 + 4);
    assertThat(places(destinations, "other.example", 100)).hasSize(5 + 2);
    assertThat(places(destinations, "third.example", 100)).hasSize(5 + 1);
  }

  @Test
  void whoEndsGivesItsPlaceBack() {
    var destinations = destinations(3, 8);
    for (int i = 0; i < 1000; i++) {
      destinations.enter("one.example").orElseThrow().leave();
    }
    assertThat(places(destinations, "one.example", 100)).hasSizeGreaterThan(3);
  }

  @Test
  void noMoreAreAtWorkThanAllDestinationsMayHave() {
    var destinations =
        new Destinations(limits(5, Duration.ZERO, LONG), new Load(2, 9, LONG), clock);
    var one = seat(destinations).orElseThrow();
    var two = seat(destinations).orElseThrow();
    var three = CompletableFuture.supplyAsync(() -> seat(destinations), VIRTUAL);
    assertThat(three).isNotDone();
    two.close();
    assertThat(three.join()).isPresent();
    one.close();
  }

  @Test
  void aDestinationIsLeftInPeaceAfterEachMessage() {
    var rest = Duration.ofMillis(300);
    var destinations = new Destinations(limits(9, rest, LONG), new Load(9, 9, LONG), clock);
    long begun = System.nanoTime();
    var burst = crowd(destinations, "shy.example", 4);
    assertThat(burst).allMatch(each -> each.join() instanceof Admission.Turn);
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThanOrEqualTo(rest.multipliedBy(3));
  }

  @Test
  void aTransportPausesBetweenTheBeginningsOfTwoTasks() {
    var pause = Duration.ofMillis(200);
    var limits = new Limits(9, LONG, Duration.ZERO, pause, WindowSettings.USUAL);
    var destinations = new Destinations(limits, new Load(9, 9, LONG), clock);
    long begun = System.nanoTime();
    for (int i = 0; i < 4; i++) {
      var _ = seat(destinations).orElseThrow();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThanOrEqualTo(pause.multipliedBy(3));
  }

  @Test
  void onlyFailuresInARowSuspend() {
    var destinations = destinations(9, 10);
    for (int i = 0; i < 4; i++) {
      attempt(destinations, false);
      attempt(destinations, true);
    }
    ((Admission.Turn) destinations.await("dead.example")).close();
    die(destinations);
    assertThat(destinations.await("dead.example")).isEqualTo(SUSPENDED);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
    assertThat(destinations.await("dead.example")).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void aDestinationThatDiesTurnsAwayWhoHasWaited() {
    var destinations = destinations(1, 10);
    var last = (Admission.Turn) destinations.await("dead.example");
    var waiting = CompletableFuture.supplyAsync(() -> destinations.await("dead.example"), VIRTUAL);
    await().until(() -> destinations.waiting("dead.example") == 1);
    last.failed(Reason.of("4.4.1", "no answer"));
    last.close();
    assertThat(waiting.join()).isEqualTo(SUSPENDED);
  }

  @Test
  void afterTheSuspensionOneTriesAndTheOthersWait() {
    var destinations = destinations(20, 100);
    die(destinations);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
    var places = places(destinations, "dead.example", 10);
    assertThat(places).hasSize(1);
    var probe = (Admission.Turn) destinations.await("dead.example");
    var others =
        IntStream.range(0, 3)
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () -> destinations.await("dead.example"), VIRTUAL))
            .toList();
    await().until(() -> destinations.waiting("dead.example") == 3);
    probe.reached();
    probe.close();
    assertThat(others).allMatch(each -> each.join() instanceof Admission.Turn);
    assertThat(destinations.window("dead.example")).isEqualTo(5);
  }

  @Test
  void aProbeThatFailsSuspendsAgainAtOnce() {
    var destinations = destinations(20, 100);
    die(destinations);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
    attempt(destinations, false);
    assertThat(destinations.await("dead.example")).isEqualTo(SUSPENDED);
  }

  @Test
  void whatBeganBeforeTheDeathSaysNothingNew() {
    var destinations = destinations(20, 100);
    var straggler = (Admission.Turn) destinations.await("dead.example");
    die(destinations);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
    straggler.failed(Reason.of("4.4.1", "timed out"));
    straggler.close();
    assertThat(destinations.await("dead.example")).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void theOperatorEndsASuspension() {
    var destinations = destinations(20, 100);
    die(destinations);
    destinations.revive("Dead.example");
    ((Admission.Turn) destinations.await("dead.example")).close();
    die(destinations);
    destinations.revive();
    ((Admission.Turn) destinations.await("dead.example")).close();
  }

  @Test
  void aRuleChangesTheLimitsOfOneDestination(@TempDir Path directory) throws IOException {
    Path rules = directory.resolve("shaping");
    Files.writeString(rules, "small.example concurrency=3\nslow.example rate-delay=1s\n");
    var destinations =
        new Destinations(
            limits(9, Duration.ZERO, LONG),
            new Load(100, 100, LONG),
            Shaping.open(new ShapingSettings(List.of(rules), 100), new ServerGroups()),
            ReplyRules.NONE,
            clock);
    assertThat(destinations.window("small.example")).isEqualTo(3);
    assertThat(destinations.window("slow.example")).isEqualTo(1);
    for (int i = 0; i < 50; i++) {
      attempt(destinations, "small.example", true);
      attempt(destinations, "other.example", true);
    }
    assertThat(places(destinations, "small.example", 3)).hasSize(3);
    assertThat(destinations.window("small.example")).isEqualTo(3);
    assertThat(destinations.window("other.example")).isGreaterThan(3);
  }

  private Destinations destinations(int concurrency, int room) {
    return new Destinations(
        limits(concurrency, Duration.ZERO, Duration.ofMinutes(5)),
        new Load(100, room, LONG),
        clock);
  }

  static Limits limits(int concurrency, Duration rateDelay, Duration suspension) {
    return new Limits(concurrency, suspension, rateDelay, Duration.ZERO, WindowSettings.USUAL);
  }

  private static Optional<Admission.Seat> seat(Destinations destinations) {
    try {
      return ((Admission.Turn) destinations.await("one.example")).seat();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// As many places as there are, up to `most`.
  private static List<Gate.Place> places(Destinations destinations, String name, int most) {
    return IntStream.range(0, most)
        .mapToObj(_ -> destinations.enter(name))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<CompletableFuture<Admission>> crowd(
      Destinations destinations, String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> CompletableFuture.supplyAsync(() -> destinations.await(name), VIRTUAL))
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

  /// Has it die of as many failures as it takes.
  private static void die(Destinations destinations) {
    for (int i = 0; i < 4 && destinations.window("dead.example") > 0; i++) {
      attempt(destinations, false);
    }
    assertThat(destinations.window("dead.example")).isZero();
  }

  private static void attempt(Destinations destinations, boolean reached) {
    attempt(destinations, "dead.example", reached);
  }

  private static void attempt(Destinations destinations, String name, boolean reached) {
    try (var turn = (Admission.Turn) destinations.await(name)) {
      if (reached) {
        turn.reached();
      } else {
        turn.failed(Reason.of("4.4.1", "no answer"));
      }
    }
  }
}
