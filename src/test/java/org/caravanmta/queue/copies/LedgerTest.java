package org.caravanmta.queue.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.utils.collections.ConcurrentLongHashSet;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Placed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Wherever the telling stops, the keeper has one state of every message, and after all of it the
/// same messages.
class LedgerTest {
  private static final int RUNS = 300;
  private static final int STEPS = 150;

  private final AtomicLong clock = new AtomicLong(1);
  private Ledger ledger = new Ledger(true, clock::get);
  private final Set<Long> mirror = new TreeSet<>();

  /// What a message has come from.
  private final Map<Long, Long> parents = new HashMap<>();

  private final Map<Long, Placed> live = new TreeMap<>();
  private final Deque<Runnable> contents = new ArrayDeque<>();

  /// What may come to its queue now.
  private final Deque<Placed> accepted = new ArrayDeque<>();

  private final Deque<Long> unconfirmed = new ArrayDeque<>();
  private final Set<Long> everThere = new HashSet<>();
  private Set<Long> sure = Set.of();
  private final Deque<Set<Long>> after = new ArrayDeque<>();
  private long numbers;
  private boolean changed;

  private static Placed placed(long number, String id, boolean large) {
    Map<String, Object> properties =
        large ? Map.of(Frame.ID, id, Frame.CONTENT, id) : Map.of(Frame.ID, id);
    return Placed.of(number, new Frame("routing", new byte[] {1}, properties, true));
  }

  private void begin() {
    var has = new ConcurrentLongHashSet();
    mirror.forEach(has::add);
    everThere.clear();
    everThere.addAll(mirror);
    sure = Set.copyOf(mirror);
    ledger.begin(has, (_, ready) -> contents.add(ready), false);
  }

  private void tell() throws Exception {
    CopyBatch batch = ledger.next(Duration.ZERO);
    for (byte[] copy : batch.come()) {
      mirror.add(Copy.decode(copy).number());
    }
    mirror.removeAll(batch.gone());
    everThere.addAll(mirror);
    unconfirmed.add(batch.number());
    after.add(Set.copyOf(mirror));
  }

  private void confirm() {
    if (!unconfirmed.isEmpty()) {
      sure = after.remove();
      ledger.confirmed(unconfirmed.remove());
    }
  }

  private void settle() throws Exception {
    for (int i = 0; i < 5; i++) {
      while (!accepted.isEmpty()) {
        commit(List.of(), List.of(accepted.remove()));
      }
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
      while (!contents.isEmpty()) {
        contents.remove().run();
      }
      tell();
      while (!unconfirmed.isEmpty()) {
        confirm();
      }
    }
  }

  /// Several small messages that came with a large one go on together before any of it was told.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void smallMailThatWentOnBesideALargeOneIsToldOf(boolean ripe) throws Exception {
    commit(List.of(), List.of(placed(1, "a", false), placed(2, "b", false), placed(3, "c", true)));
    mirror.addAll(Set.of(1L, 2L, 3L));
    begin();
    commit(
        List.of(1L, 2L, 3L),
        List.of(placed(11, "a", false), placed(12, "b", false), placed(13, "c", true)));
    if (ripe) {
      clock.addAndGet(Duration.ofMillis(300).toNanos());
      tell();
    }
    commit(List.of(11L, 12L), List.of(placed(21, "a", false), placed(22, "b", false)));
    settle();
    assertThat(mirror).containsExactly(13L, 21L, 22L);
    assertThat(ledger.single()).isZero();
  }

  @Test
  void aKeeperHasACopyWhenItHasSaidSo() throws Exception {
    commit(List.of(), List.of(placed(1, "a", false), placed(2, "b", true)));
    begin();
    live.values().forEach(ledger::offer);
    assertThat(ledger.unoffered()).isZero();
    assertThat(ledger.single()).isEqualTo(2);
    tell();
    assertThat(ledger.single()).isEqualTo(2);
    confirm();
    assertThat(ledger.single()).isEqualTo(1);
    // what has moved on meanwhile has none either
    commit(List.of(2L), List.of(placed(12, "b", true)));
    assertThat(ledger.single()).isEqualTo(1);
    settle();
    assertThat(ledger.single()).isZero();
    assertThat(mirror).containsExactly(1L, 12L);
  }

  /// Each cut costs the keeper a sync.
  @Test
  void whatIsFinishedIsToldWithWhatComesNext() throws Exception {
    commit(List.of(), List.of(placed(1, "a", false)));
    mirror.add(1L);
    begin();
    var told = new FutureTask<>(() -> ledger.next(Duration.ofHours(1)));
    Thread teller = Thread.ofPlatform().start(told);
    commit(List.of(1L), List.of());
    await().until(() -> teller.getState() == Thread.State.TIMED_WAITING);
    ledger.first(2, placed(2, "b", false).frame().get(), _ -> {});
    CopyBatch batch = told.get(30, TimeUnit.SECONDS);
    assertThat(batch.gone()).containsExactly(1L);
    assertThat(batch.come()).hasSize(1);
  }

  @Test
  void whatComesWhileACutIsOnItsWayIsToldTogether() throws Exception {
    begin();
    arrive(1);
    assertThat(ledger.next(Duration.ZERO).come()).hasSize(1);
    arrive(2);
    var told = new FutureTask<>(() -> ledger.next(Duration.ofHours(1)));
    Thread teller = Thread.ofPlatform().start(told);
    await().until(() -> teller.getState() == Thread.State.TIMED_WAITING);
    arrive(3);
    assertThat(told.isDone()).isFalse();
    ledger.confirmed(1);
    assertThat(told.get(30, TimeUnit.SECONDS).come()).hasSize(2);
  }

  @Test
  void nothingWaitsForACutWhenThereIsMuch() throws Exception {
    begin();
    arrive(1);
    assertThat(ledger.next(Duration.ZERO).come()).hasSize(1);
    for (int number = 2; number < 302; number++) {
      arrive(number);
    }
    for (int cut = 0; cut < 3; cut++) {
      assertThat(ledger.next(Duration.ofHours(1)).come()).hasSize(100);
    }
  }

  private void arrive(long number) {
    ledger.first(number, placed(number, "m" + number, false).frame().get(), _ -> {});
  }

  /// Another counts until it has all.
  @Test
  void nobodyIsToldOfACopyAtOneThatDoesNotCountYet() throws Exception {
    var told = new ArrayList<Long>();
    ledger.begin(new ConcurrentLongHashSet(), (_, _) -> {}, true);
    for (long number : List.of(1L, 2L)) {
      ledger.first(
          number, placed(number, "m" + number, false).frame().get(), _ -> told.add(number));
    }
    tell();
    confirm();
    assertThat(told).isEmpty();
    ledger.complete();
    assertThat(told).containsExactly(1L, 2L);
    // and if it never does, the next one has to have them; but not what was given up
    ledger.end();
    mirror.clear();
    ledger.begin(new ConcurrentLongHashSet(), (_, _) -> {}, true);
    for (long number : List.of(3L, 4L)) {
      ledger.first(
          number, placed(number, "m" + number, false).frame().get(), _ -> told.add(number));
    }
    tell();
    confirm();
    ledger.withdraw(3);
    ledger.end();
    mirror.clear();
    begin();
    tell();
    assertThat(mirror).containsExactly(4L);
    confirm();
    assertThat(told).containsExactly(1L, 2L, 4L);
  }

  @Test
  void whatIsFinishedIsToldSoonIfNothingComes() throws Exception {
    ledger = new Ledger(true, System::nanoTime);
    commit(List.of(), List.of(placed(1, "a", false)));
    mirror.add(1L);
    begin();
    commit(List.of(1L), List.of());
    var told = new FutureTask<>(() -> ledger.next(Duration.ofHours(1)));
    Thread.ofPlatform().start(told);
    assertThat(told.get(30, TimeUnit.SECONDS).gone()).containsExactly(1L);
  }

  @Test
  void whateverHappensTheKeeperHasOneStateOfEach() throws Exception {
    for (int seed = 0; seed < RUNS; seed++) {
      forget();
      var random = new Random(seed);
      try {
        begin();
        for (int step = 0; step < STEPS; step++) {
          step(random);
        }
        settle();
        assertThat(mirror).isEqualTo(live.keySet());
        assertThat(ledger.single()).isZero();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void forget() {
    changed = false;
    ledger = new Ledger(true, clock::get);
    mirror.clear();
    parents.clear();
    live.clear();
    contents.clear();
    accepted.clear();
    unconfirmed.clear();
    after.clear();
  }

  private void step(Random random) throws Exception {
    switch (random.nextInt(13)) {
      case 0, 1 -> arrive(random);
      case 2, 3, 4, 5 -> move(random);
      case 6 -> clock.addAndGet(Duration.ofMillis(random.nextInt(400)).toNanos());
      case 7, 8 -> tell();
      case 9 -> {
        if (!contents.isEmpty()) {
          contents.remove().run();
        }
      }
      case 10 -> confirm();
      case 11 -> {
        if (!accepted.isEmpty()) {
          commit(List.of(), List.of(accepted.remove()));
        }
      }
      default -> {
        if (random.nextInt(15) == 0) {
          change(random);
        }
      }
    }
    check();
  }

  private void arrive(Random random) {
    Placed one = placed(++numbers, "m" + numbers, random.nextInt(3) == 0);
    ledger.first(
        one.number(),
        one.frame().get(),
        failure -> {
          if (failure == null) {
            accepted.add(one);
          }
        });
  }

  /// One transaction takes some from their queues, and puts none, one or two in the place of each.
  private void move(Random random) {
    var gone = new ArrayList<Long>();
    var come = new ArrayList<Placed>();
    for (Placed one : List.copyOf(live.values())) {
      if (gone.size() < 4 && random.nextInt(live.size()) < 2) {
        gone.add(one.number());
        int parts = random.nextInt(8) == 0 ? random.nextInt(3) : 1;
        for (int i = 0; i < parts; i++) {
          String id = one.id().orElseThrow();
          Placed next = placed(++numbers, id, one.content().isPresent());
          parents.put(next.number(), one.number());
          come.add(next);
        }
      }
    }
    if (!gone.isEmpty()) {
      commit(gone, come);
    }
  }

  private void commit(List<Long> gone, List<Placed> come) {
    List<Placed> left = gone.stream().map(live::remove).toList();
    come.forEach(one -> live.put(one.number(), one));
    ledger.committed(left, come);
  }

  /// Another keeper, who has nothing, or the same one once more.
  private void change(Random random) {
    changed = true;
    ledger.end();
    contents.clear();
    unconfirmed.clear();
    after.clear();
    if (random.nextBoolean()) {
      mirror.clear();
    }
    begin();
    live.values().forEach(ledger::offer);
  }

  private void check() {
    if (ledger.single() == 0) {
      assertThat(sure).containsAll(accepted.stream().map(Placed::number).toList());
    }
    for (long number : live.keySet()) {
      List<Long> states = line(number).stream().filter(mirror::contains).toList();
      // a keeper that has had a turn before is told at last of what is no more
      if (!changed) {
        assertThat(states).as("states of %s", line(number)).hasSizeLessThanOrEqualTo(1);
      }
      if (line(number).stream().anyMatch(everThere::contains)) {
        assertThat(states).as("states of %s", line(number)).isNotEmpty();
      }
      if (ledger.single() == 0) {
        assertThat(line(number).stream().anyMatch(sure::contains))
            .as("%s at the keeper, who has %s", line(number), sure)
            .isTrue();
      }
    }
  }

  /// A message and all that it has come from.
  private List<Long> line(long number) {
    var line = new ArrayList<Long>();
    for (Long one = number; one != null; one = parents.get(one)) {
      line.add(one);
    }
    return line;
  }
}
