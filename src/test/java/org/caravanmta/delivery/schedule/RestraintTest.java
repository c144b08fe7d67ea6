package org.caravanmta.delivery.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.caravanmta.message.Reason;
import org.caravanmta.queue.Letters;
import org.junit.jupiter.api.Test;

class RestraintTest {
  private static final Executor VIRTUAL = Thread::startVirtualThread;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;

  @Test
  void nothingHoldsBackADestinationThatHasAPlaceLeft() {
    var destinations = destinations(Duration.ZERO, Duration.ZERO, 100);
    var turn = turn(destinations, "one.example");
    DestinationState state = only(destinations);
    assertThat(state.transport()).isEqualTo("smtp");
    assertThat(state.nextHop()).isEqualTo("one.example");
    assertThat(state.atWork()).isEqualTo(1);
    assertThat(state.allowed()).isEqualTo(2);
    assertThat(state.restraints()).isEmpty();
    turn.close();
    assertThat(destinations.states("smtp")).isEmpty();
  }

  @Test
  void aFullWindowSaysHowWideItIsAndCouldBe() {
    var destinations = destinations(Duration.ZERO, Duration.ZERO, 100);
    var turns = IntStream.range(0, 2).mapToObj(_ -> turn(destinations, "one.example")).toList();
    var third = CompletableFuture.supplyAsync(() -> destinations.await("one.example"), VIRTUAL);
    Awaitility.await().until(() -> only(destinations).waiting() == 1);
    assertThat(only(destinations).restraints()).containsExactly(new Restraint.Window(2, 20));
    assertThat(said(destinations)).containsExactly("window 2 of 20");
    turns.forEach(Admission.Turn::close);
    assertThat(third.join()).isInstanceOf(Admission.Turn.class);
  }

  @Test
  void aDeadDestinationSaysUntilWhenAndWhyAndThenThatOneTaskTriesIt() {
    var destinations = destinations(Duration.ZERO, Duration.ZERO, 100);
    die(destinations, "dead.example");
    Instant until = now.get().plus(LONG);
    DestinationState dead = only(destinations);
    assertThat(dead.restraints()).containsExactly(new Restraint.Dead(until, "connection refused"));
    assertThat(dead.allowed()).isZero();
    assertThat(dead.suspendedUntil()).isEqualTo(Optional.of(until));
    assertThat(said(destinations).getFirst())
        .matches("dead until \\d\\d:\\d\\dZ: connection refused");

    now.set(until);
    assertThat(only(destinations).restraints()).isEmpty();
    var probe = turn(destinations, "dead.example");
    assertThat(said(destinations))
        .containsExactly("one task tries it first, since: connection refused");
    assertThat(only(destinations).probing()).isTrue();
    probe.reached();
    probe.close();
    assertThat(destinations.states("smtp")).isEmpty();
  }

  @Test
  void delaysAfterATaskAreNamed() {
    var destinations = destinations(LONG, Duration.ofMillis(90_500), 100);
    var turn = turn(destinations, "shy.example");
    try (var _ = seat(turn)) {
      assertThat(said(destinations))
          .containsExactly("window 1 of 1", "transport rate delay 90500ms");
    }
    turn.close();
    assertThat(said(destinations))
        .containsExactly("rate delay 30s", "transport rate delay 90500ms");
    assertThat(only(destinations).restraints().stream().map(Restraint::word))
        .containsExactly("rate-delay", "transport-rate-delay");
  }

  @Test
  void aTransportWithoutAWorkplaceHoldsBackAllItsDestinations() {
    var destinations = destinations(Duration.ZERO, Duration.ZERO, 1);
    var one = turn(destinations, "one.example");
    var two = turn(destinations, "two.example");
    try (var _ = seat(one)) {
      assertThat(destinations.states("smtp").stream().map(DestinationState::restraints))
          .containsExactly(
              List.of(new Restraint.Workplaces("smtp", 1)),
              List.of(new Restraint.Workplaces("smtp", 1)));
      assertThat(said(destinations)).containsExactly("all 1 work places of smtp taken");
    }
    assertThat(said(destinations)).isEmpty();
    one.close();
    two.close();
  }

  @Test
  void theOperatorIsNamedWithTheReasonIfThereIsOne() {
    assertThat(new Restraint.ByOperator("ann", "")).hasToString("suspended by ann");
    assertThat(new Restraint.ByOperator("ann", "moving")).hasToString("suspended by ann: moving");
    assertThat(new Restraint.ByOperator("ann", "").word()).isEqualTo("by-operator");
  }

  private Destinations destinations(Duration rateDelay, Duration transportDelay, int total) {
    return new Destinations(
        new Limits(
            20,
            LONG,
            rateDelay,
            transportDelay,
            new WindowSettings(2, Feedback.WHOLE, Feedback.WHOLE, 1)),
        new Load(total, 100, LONG),
        clock);
  }

  private static void die(Destinations destinations, String nextHop) {
    var turns = IntStream.range(0, 2).mapToObj(_ -> turn(destinations, nextHop)).toList();
    for (Admission.Turn turn : turns) {
      turn.failed(Reason.of("4.4.1", "connection refused"));
      turn.close();
    }
  }

  private static Admission.Turn turn(Destinations destinations, String nextHop) {
    return (Admission.Turn) destinations.await(nextHop);
  }

  private static Admission.Seat seat(Admission.Turn turn) {
    try {
      return turn.seat().orElseThrow();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static DestinationState only(Destinations destinations) {
    List<DestinationState> states = destinations.states("smtp");
    assertThat(states).hasSize(1);
    return states.getFirst();
  }

  private static List<String> said(Destinations destinations) {
    return destinations.states("smtp").getFirst().restraints().stream()
        .map(Restraint::toString)
        .toList();
  }
}
