package org.caravanmta.queue.copies;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What the keeper of our copies is told, in order: what is put off for a while, what waits for its
/// contents, what is in line, and what was told and is not confirmed.
///
/// Guarded by the lock of the {@link Ledger}, which whoever calls has; those do not need it that
/// take it themselves, and say so.
final class Telling {
  /// How long mail that goes from stage to stage is not told of.
  private static final Duration WHILE = Duration.ofMillis(200);

  /// How long what nobody waits for may wait for something that is told with it: each cut costs the
  /// keeper a sync.
  private static final Duration SOON = Duration.ofMillis(10);

  /// Messages that are told of together: what is on its way is to be confirmed in time over a slow
  /// line, too.
  private static final int MOST = 100;

  /// Cuts that may be on their way when so many wait; else the next one waits until all are
  /// confirmed, and tells of more.
  private static final int ON_THEIR_WAY = 4;

  /// Gets the contents of messages to the keeper.
  interface Contents {
    /// @param ready run when the keeper has it
    void ensure(String ref, Runnable ready);
  }

  /// What has been told of and is not confirmed.
  private record Told(long number, List<CopyUnit> units, long at) {}

  private final ReentrantLock lock;
  private final Condition changed;
  private final LongSupplier nanos;

  /// By the messages that come with it; until it is told.
  private final Map<Long, CopyUnit> byCome = new HashMap<>();

  private final Deque<CopyUnit> line = new ArrayDeque<>();

  /// When what is in line is told of; meaningless while nothing is.
  private long due;

  private final Set<CopyUnit> later = new LinkedHashSet<>();
  private final Deque<Told> told = new ArrayDeque<>();

  /// Counts the keepers' turns; there is one now if `contents` is not null.
  private long turn = 1;

  private @Nullable Contents contents;
  private long cuts;

  /// Since when no keeper has recorded anything; meaningless while `recorded`.
  private long failing;

  /// Whether the keeper has recorded something, or has all, in this turn.
  private boolean recorded;

  Telling(ReentrantLock lock, LongSupplier nanos) {
    this.lock = lock;
    this.changed = lock.newCondition();
    this.nanos = nanos;
    this.failing = nanos.getAsLong();
  }

  boolean hasKeeper() {
    return contents != null;
  }

  long turn() {
    return turn;
  }

  /// A keeper's turn begins.
  void begin(Contents to) {
    contents = to;
  }

  /// The keeper's turn is over.
  ///
  /// @return what he has not confirmed
  Collection<CopyUnit> end() {
    var units = new LinkedHashSet<CopyUnit>();
    told.forEach(one -> units.addAll(one.units()));
    units.addAll(byCome.values());
    if (recorded) {
      failing = nanos.getAsLong();
      recorded = false;
    }
    contents = null;
    turn++;
    told.clear();
    byCome.clear();
    line.clear();
    later.clear();
    changed.signalAll();
    return units;
  }

  void add(CopyUnit unit) {
    if (unit.isEmpty() && unit.waiting.isEmpty()) {
      return;
    }
    unit.come.keySet().forEach(number -> byCome.put(number, unit));
    if (unit.mayWait()) {
      later.add(unit);
      if (later.size() == 1) {
        changed.signalAll();
      }
    } else {
      prepare(unit);
    }
  }

  /// Says nothing of a message that has come.
  ///
  /// @return whether it was not told yet
  boolean drop(long number) {
    CopyUnit untold = byCome.remove(number);
    if (untold != null) {
      untold.come.remove(number);
    }
    return untold != null;
  }

  /// A message that has come is no more: `unit` tells what it would have been told with.
  ///
  /// @return whether it was not told yet
  boolean take(long number, CopyUnit unit) {
    CopyUnit untold = byCome.get(number);
    boolean there = drop(number);
    if (untold != null && untold != unit) {
      unit.absorb(untold);
      unit.come.keySet().forEach(one -> byCome.put(one, unit));
      later.remove(untold);
    }
    return there;
  }

  /// Puts it in line, when the keeper has the contents.
  private void prepare(CopyUnit unit) {
    List<String> refs = unit.come.values().stream().flatMap(one -> one.content().stream()).toList();
    unit.lacks = refs.size();
    if (refs.isEmpty()) {
      queue(unit);
      return;
    }
    long now = turn;
    Contents to = contents;
    for (String ref : refs) {
      if (to != null) {
        to.ensure(ref, () -> has(unit, now));
      }
    }
  }

  private void queue(CopyUnit unit) {
    long now = nanos.getAsLong();
    boolean first = line.isEmpty();
    line.add(unit);
    if (first || !unit.mayRide()) {
      due = unit.mayRide() ? now + SOON.toNanos() : now;
      changed.signalAll();
    }
  }

  private void has(CopyUnit unit, long when) {
    lock.lock();
    try {
      unit.lacks--;
      if (unit.lacks == 0 && when == turn && !unit.isMerged()) {
        queue(unit);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to tell; takes the lock itself.
  ///
  /// @param patience what is not there by then is an empty cut
  CopyBatch next(Duration patience) throws InterruptedException {
    Told now;
    lock.lockInterruptibly();
    try {
      await(patience.toNanos());
      now = new Told(++cuts, units(), nanos.getAsLong());
      told.add(now);
    } finally {
      lock.unlock();
    }
    return batch(now);
  }

  private void await(long patience) throws InterruptedException {
    long left = patience;
    ripen();
    long wait = untilDue(left);
    while (wait > 0 && left > 0) {
      long start = nanos.getAsLong();
      long ripe = later.isEmpty() ? left : untilRipe(later.iterator().next());
      changed.await(Math.clamp(Math.min(ripe, wait), 1, left), TimeUnit.NANOSECONDS);
      left -= Math.max(1, nanos.getAsLong() - start);
      ripen();
      wait = untilDue(left);
    }
  }

  /// @param never if it is not known when
  private long untilDue(long never) {
    boolean goes = told.isEmpty() || line.size() >= MOST && told.size() < ON_THEIR_WAY;
    return goes && !line.isEmpty() ? due - nanos.getAsLong() : never;
  }

  /// What is in line, as far as it is told together.
  private List<CopyUnit> units() {
    List<CopyUnit> units = new ArrayList<>();
    while (!line.isEmpty() && units.size() < MOST) {
      CopyUnit unit = line.poll();
      if (!unit.isMerged()) {
        unit.come.keySet().forEach(byCome::remove);
        units.add(unit);
      }
    }
    due = nanos.getAsLong();
    return units;
  }

  private static CopyBatch batch(Told told) {
    var come = new ArrayList<byte[]>();
    var gone = new ArrayList<Long>();
    for (CopyUnit unit : told.units()) {
      unit.come
          .values()
          .forEach(one -> come.add(new Copy(one.number(), one.frame().get()).encode()));
      gone.addAll(unit.gone);
    }
    return new CopyBatch(told.number(), come, gone);
  }

  private long untilRipe(CopyUnit unit) {
    return unit.since + WHILE.toNanos() - nanos.getAsLong();
  }

  private void ripen() {
    Iterator<CopyUnit> all = later.iterator();
    var ripe = new ArrayList<CopyUnit>();
    while (all.hasNext()) {
      CopyUnit unit = all.next();
      if (untilRipe(unit) <= 0) {
        all.remove();
        ripe.add(unit);
      }
    }
    ripe.forEach(this::prepare);
  }

  /// The keeper has all up to this cut.
  ///
  /// @param all whether there is nothing else that it has not been told of
  /// @return what it had not confirmed before
  List<CopyUnit> confirmed(long number, boolean all) {
    var units = new ArrayList<CopyUnit>();
    while (!told.isEmpty() && told.peek().number() <= number) {
      units.addAll(told.poll().units());
      recorded |= !units.isEmpty() || all && nothingIsLeft();
    }
    if (!line.isEmpty()) {
      changed.signalAll();
    }
    return units;
  }

  private boolean nothingIsLeft() {
    return line.isEmpty()
        && byCome.isEmpty()
        && told.stream().allMatch(one -> one.units().isEmpty());
  }

  /// For how long no keeper has recorded what it should, whether there was one or not; none while
  /// one does.
  Duration failing() {
    return recorded ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - failing);
  }

  /// For how long the keeper has not confirmed what it was told.
  Duration lag() {
    return told.isEmpty() ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - told.peek().at());
  }

  /// Whether few enough wait to be told that more may be offered.
  boolean hasRoom() {
    return line.size() < MOST && told.size() < ON_THEIR_WAY;
  }

  /// Tells at once what would be told later.
  ///
  /// @return whether the keeper has confirmed all, or there is none
  boolean settled() {
    var now = List.copyOf(later);
    later.clear();
    now.forEach(this::prepare);
    return contents == null || nothingIsLeft();
  }
}
