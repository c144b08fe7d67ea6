package org.caravanmta.delivery.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.caravanmta.delivery.reply.RuleFiles;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.event.Event;
import org.caravanmta.event.Events;
import org.caravanmta.event.ScheduleEvent;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.queue.Letters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a destination is held to by rules for replies.
class BrakeTest {
  private static final Executor VIRTUAL = Thread::startVirtualThread;
  private static final String ONE = "one.example";
  private static final String REPLY = "421 4.7.0 slow down";

  @TempDir Path directory;

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Events.Listening listening =
      Events.listen(
          event -> {
            if (event instanceof ScheduleEvent) {
              events.add(event);
            }
          });

  @AfterEach
  void close() {
    listening.close();
  }

  @Test
  void aSuspensionLastsForItsTimeAndThenOneTaskTriesItForAll() {
    Destinations destinations = destinations("/^421/ suspend for 10m");
    Admission.Turn turn = turn(destinations);
    Admission.Heard heard = turn.heard("mx", refusal());
    assertThat(heard.suspended()).isTrue();
    assertThat(heard.reason()).isEqualTo(refusal());
    turn.reached();
    turn.close();
    assertThat(destinations.await(ONE))
        .isEqualTo(
            new Admission.Suspended(
                Reason.of("4.7.0", "delivery temporarily suspended: host mx said: " + REPLY)));
    assertThat(destinations.await("two.example")).isInstanceOf(Admission.Turn.class);
    DestinationState state = state(destinations);
    assertThat(state.suspendedUntil()).contains(minutes(10));
    assertThat(state.restraints())
        .containsExactly(
            new Restraint.ByReply(
                new BrakeState(
                    ONE, "suspend", minutes(10), directory.resolve("replies") + ":1", REPLY)));
    assertThat(state.restraints().getFirst().toString())
        .matches("suspend until \\d\\d:\\d\\dZ by .*/replies:1: 421 4\\.7\\.0 slow down");
    assertThat(state.restraints().getFirst().word()).isEqualTo("by-reply");

    now.set(minutes(10));
    assertThat(destinations.window(ONE)).isEqualTo(1);
    Admission.Turn probe = turn(destinations);
    probe.reached();
    probe.close();
    assertThat(destinations.window(ONE)).isEqualTo(5);
    assertThat(destinations.brakes()).isEmpty();
  }

  @Test
  void tasksThatBeganBeforeNeitherEndASuspensionNorCountAgainstTheSite() {
    Destinations destinations = destinations("/^421/ suspend for 10m");
    List<Admission.Turn> turns = turns(destinations, 4);
    turns.getFirst().heard("mx", refusal());
    turns.get(1).reached();
    turns.get(2).failed(Reason.of("4.4.2", "lost"));
    now.set(minutes(5));
    assertThat(turns.get(3).heard("mx", refusal()).suspended()).isTrue();
    turns.forEach(Admission.Turn::close);
    assertThat(events).hasSize(1);
    assertThat(state(destinations).suspendedUntil()).contains(minutes(10));
    now.set(minutes(10));
    assertThat(destinations.window(ONE)).isEqualTo(1);
  }

  @Test
  void whoWaitsForATurnIsToldOfTheSuspensionAtOnce() {
    Destinations destinations = destinations("/^421/ suspend");
    List<Admission.Turn> turns = turns(destinations, 5);
    var sixth = CompletableFuture.supplyAsync(() -> destinations.await(ONE), VIRTUAL);
    Awaitility.await().until(() -> destinations.waiting(ONE) == 1);
    turns.getFirst().heard("mx", refusal());
    assertThat(sixth.join()).isInstanceOf(Admission.Suspended.class);
    turns.forEach(Admission.Turn::close);
  }

  @Test
  void aFlushEndsASuspensionButNothingElse() {
    Destinations destinations = destinations("/^421/ suspend, concurrency=2");
    reply(destinations);
    destinations.revive();
    assertThat(what(destinations)).containsExactly("concurrency=2");
    Admission.Turn probe = turn(destinations);
    probe.reached();
    assertThat(destinations.window(ONE)).isEqualTo(2);
    probe.close();
    reply(destinations);
    assertThat(destinations.await(ONE)).isInstanceOf(Admission.Suspended.class);
    destinations.revive(ONE);
    turn(destinations).close();
  }

  @Test
  void theWindowIsNotWiderThanTheNumberForItsTime() {
    Destinations destinations = destinations("/^421/ concurrency=2 for 10m");
    reply(destinations);
    assertThat(destinations.window(ONE)).isEqualTo(2);
    List<Admission.Turn> turns = turns(destinations, 2);
    assertThat(state(destinations).restraints())
        .extracting(Object::toString)
        .singleElement()
        .asString()
        .startsWith("concurrency=2 until ");
    var third = CompletableFuture.supplyAsync(() -> destinations.await(ONE), VIRTUAL);
    Awaitility.await().until(() -> destinations.waiting(ONE) == 1);
    now.set(minutes(10));
    turns.getFirst().close();
    ((Admission.Turn) third.join()).close();
    assertThat(destinations.window(ONE)).isEqualTo(5);
    turns.getLast().close();
    assertThat(destinations.states("smtp")).describedAs("it is forgotten").isEmpty();
  }

  @Test
  void eachNewReplyHalvesWhatIsAtWorkAndThoseOfOneMomentDoSoOnce() {
    Destinations destinations = destinations("/^421/ slow for 10m");
    List<Admission.Turn> turns = turns(destinations, 5);
    turns.forEach(turn -> turn.heard("mx", refusal()));
    turns.forEach(Admission.Turn::close);
    assertThat(what(destinations)).containsExactly("concurrency=2");
    now.set(minutes(5));
    List<Admission.Turn> two = turns(destinations, 2);
    two.forEach(turn -> turn.heard("mx", refusal()));
    two.forEach(Admission.Turn::close);
    reply(destinations);
    assertThat(what(destinations)).containsExactly("concurrency=1");
    assertThat(destinations.brakes().getFirst().until()).isEqualTo(minutes(15));
    assertThat(events)
        .extracting(event -> ((ScheduleEvent.Braked) event).what())
        .containsExactly("concurrency=2", "concurrency=1");
    now.set(minutes(15));
    assertThat(destinations.window(ONE)).isEqualTo(5);
  }

  @Test
  void beginningsAreSpacedAsTheRateSays() {
    Destinations destinations = destinations("/^421/ rate=10/s for 10m");
    reply(destinations);
    long begun = System.nanoTime();
    for (int i = 0; i < 4; i++) {
      turn(destinations).close();
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    // the first waits too, but since the reply, which was a little before
    assertThat(took).isBetween(390L - 90, 5000L);
    now.set(minutes(10));
    assertThat(destinations.await(ONE)).isInstanceOf(Admission.Turn.class);
  }

  /// Mail of a destination that may begin one in an hour stays in its queue, and takes none of the
  /// places where tasks wait in memory.
  @Test
  void aDestinationWithARateLeavesThePlacesToOthers() {
    Destinations destinations = destinations("/^421/ rate=1/h, concurrency=1");
    reply(destinations);
    assertThat(state(destinations).restraints())
        .extracting(Object::toString)
        .singleElement()
        .asString()
        .startsWith("rate=1/h until ");
    long slow = IntStream.range(0, 100).filter(_ -> destinations.enter(ONE).isPresent()).count();
    long other =
        IntStream.range(0, 100).filter(_ -> destinations.enter("two.example").isPresent()).count();
    assertThat(slow).isZero();
    assertThat(other).isGreaterThan(5);
  }

  @Test
  void theStrictestOfSeveralCounts() {
    Destinations destinations =
        destinations(
            "/^421/ concurrency=3, pool=a for 20m", "/^450/ concurrency=1, pool=b for 10m");
    reply(destinations);
    var second = turn(destinations);
    assertThat(second.pool()).contains("a");
    second.heard("mx", refusal("450 later"));
    second.close();
    assertThat(destinations.window(ONE)).isEqualTo(1);
    assertThat(what(destinations))
        .containsExactly("concurrency=3", "pool=a", "concurrency=1", "pool=b");
    var third = turn(destinations);
    assertThat(third.pool()).contains("b");
    now.set(minutes(10));
    assertThat(destinations.window(ONE)).isEqualTo(3);
    assertThat(third.pool()).contains("a");
    now.set(minutes(20));
    assertThat(third.pool()).isEmpty();
    third.close();
    assertThat(destinations.states("smtp")).isEmpty();
  }

  @Test
  void theSameReplyAgainMakesItLongerAndIsNotToldAgain() {
    Destinations destinations = destinations("/^421/ concurrency=2 for 10m");
    reply(destinations);
    now.set(minutes(9));
    reply(destinations);
    assertThat(destinations.brakes()).extracting(BrakeState::until).containsExactly(minutes(19));
    assertThat(events)
        .containsExactly(
            new ScheduleEvent.Braked(
                ONE, "concurrency=2", minutes(10), directory.resolve("replies") + ":1", REPLY));
  }

  @Test
  void whatNoRuleIsAboutChangesNothing() {
    Destinations destinations = destinations("/^450/ suspend");
    try (Admission.Turn turn = turn(destinations)) {
      assertThat(turn.heard("mx", refusal())).isEqualTo(new Admission.Heard(refusal(), false));
    }
    assertThat(destinations.states("smtp")).isEmpty();
  }

  private Destinations destinations(String... rules) {
    return new Destinations(
        DestinationsTest.limits(20, Duration.ZERO, Duration.ofMinutes(5)),
        new Load(100, 100, Duration.ofSeconds(30)),
        Shaping.usual(),
        RuleFiles.rules(directory, List.of("a", "b"), rules),
        now::get);
  }

  private static void reply(Destinations destinations) {
    try (Admission.Turn turn = turn(destinations)) {
      turn.heard("mx", refusal());
    }
  }

  private static Reason refusal() {
    return refusal(REPLY);
  }

  private static Reason refusal(String reply) {
    return new Reason(
        Status.of("4.7.0"), "host mx said: " + reply, Optional.of("mx"), Optional.of(reply));
  }

  private static Admission.Turn turn(Destinations destinations) {
    return (Admission.Turn) destinations.await(ONE);
  }

  private static List<Admission.Turn> turns(Destinations destinations, int count) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(_ -> turn(destinations)).toList());
  }

  private static List<String> what(Destinations destinations) {
    return destinations.brakes().stream().map(BrakeState::what).toList();
  }

  private static DestinationState state(Destinations destinations) {
    return destinations.states("smtp").stream()
        .filter(each -> each.nextHop().equals(ONE))
        .findFirst()
        .orElseThrow();
  }

  private static Instant minutes(int count) {
    return Letters.ARRIVED.plus(Duration.ofMinutes(count));
  }
}
