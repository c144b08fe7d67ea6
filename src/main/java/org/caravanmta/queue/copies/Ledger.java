package org.caravanmta.queue.copies;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.activemq.artemis.utils.collections.ConcurrentLongHashSet;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueFollower;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.jspecify.annotations.Nullable;

/// What the keeper of our copies has to be told, in an order in which it may stop at any place and
/// have some state of every message that is not finished.
///
/// What somebody waits for, new mail and mail that is finished are told at once. Mail that goes
/// from stage to stage is told after a while only, and not at all if it is finished by then: the
/// keeper has its former state.
///
/// Without a keeper it is only noted which messages there are: the next one is compared with that.
public final class Ledger implements QueueFollower {
  /// How long mail that goes from stage to stage is not told of.
  private static final Duration WHILE = Duration.ofMillis(200);

  /// With nobody who keeps copies for so long, nobody waits for one.
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /// Messages that are told of together.
  private static final int MOST = 1000;

  /// Gets the contents of messages to the keeper.
  interface Contents {
    /// @param ready run when the keeper has it
    void ensure(String ref, Runnable ready);
  }

  /// What has been told of and is not confirmed.
  private record Told(long number, List<CopyUnit> units, long at) {}

  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// The messages on our queues.
  private final ConcurrentLongHashSet live = new ConcurrentLongHashSet();

  /// Those that are copied before they are on a queue: the keeper's turn in which they were, or 0.
  private final Map<Long, Long> firsts = new HashMap<>();

  /// Those on our queues that the keeper has not been told of.
  private final ConcurrentLongHashSet unknown = new ConcurrentLongHashSet();

  private final Map<Long, CopyUnit> byCome = new HashMap<>();
  private final Deque<CopyUnit> line = new ArrayDeque<>();
  private final Set<CopyUnit> later = new LinkedHashSet<>();
  private final Deque<Told> told = new ArrayDeque<>();

  /// Those that somebody waits for and that wait for the next keeper.
  private final List<CopyUnit> held = new ArrayList<>();

  /// Those who wait for a copy no longer.
  private final Queue<Consumer<@Nullable Throwable>> alone = new ConcurrentLinkedQueue<>();

  private final Queue<Consumer<@Nullable Throwable>> refused = new ConcurrentLinkedQueue<>();

  private final LongAdder withoutCopy = new LongAdder();

  /// Counts the keepers' turns; there is one now if `contents` is not null.
  private long turn = 1;

  private @Nullable Contents contents;
  private long cuts;

  /// When the last turn was over.
  private long ended;

  /// Since when no keeper has recorded anything; meaningless while `recorded`.
  private long failing;

  /// Whether the keeper has recorded something, or has all, in this turn.
  private boolean recorded;

  private final boolean required;

  /// @param required whether those who wait for a copy wait for a keeper, or go on without
  /// @param nanos {@link System#nanoTime}
  public Ledger(boolean required, LongSupplier nanos) {
    this.required = required;
    this.nanos = nanos;
    this.ended = nanos.getAsLong();
    this.failing = ended;
  }

  @Override
  public void first(long number, Frame frame, Consumer<@Nullable Throwable> copied) {
    lock.lock();
    try {
      if (contents == null && !required) {
        alone.add(copied);
        return;
      }
      if (contents == null && nanos.getAsLong() - ended > LONGEST.toNanos()) {
        refused.add(copied);
        return;
      }
      firsts.put(number, 0L);
      var unit = new CopyUnit(nanos.getAsLong());
      unit.come.put(number, Placed.of(number, frame));
      unit.waiting.add(copied);
      if (contents == null) {
        held.add(unit);
      } else {
        add(unit);
      }
    } finally {
      lock.unlock();
      goOnAlone();
    }
  }

  /// Those who go on without a copy, or not at all, outside of the lock.
  private void goOnAlone() {
    for (Consumer<@Nullable Throwable> next = refused.poll(); next != null; next = refused.poll()) {
      next.accept(new QueueUnavailable("no other node of the cluster keeps copies"));
    }
    for (Consumer<@Nullable Throwable> next = alone.poll(); next != null; next = alone.poll()) {
      withoutCopy.increment();
      next.accept(null);
    }
  }

  @Override
  public void withdraw(long number) {
    lock.lock();
    try {
      if (firsts.remove(number) == null) {
        return;
      }
      held.removeIf(unit -> unit.come.containsKey(number));
      CopyUnit untold = byCome.remove(number);
      if (untold != null) {
        untold.come.remove(number);
      } else if (contents != null) {
        var unit = new CopyUnit(nanos.getAsLong());
        unit.gone.add(number);
        add(unit);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void committed(Collection<Placed> gone, Collection<Placed> come) {
    lock.lock();
    try {
      var units = new LinkedHashMap<String, CopyUnit>();
      // the contents of some may come later than all others
      boolean together = come.stream().anyMatch(one -> one.content().isPresent());
      for (Placed one : gone) {
        live.remove(one.number());
        if (contents != null) {
          take(one.number(), unit(units, one, together));
        }
      }
      for (Placed one : come) {
        live.add(one.number());
        Long copied = firsts.remove(one.number());
        if (contents != null && (copied == null || copied != turn)) {
          unit(units, one, together).come.put(one.number(), one);
        }
      }
      // what is new before what is finished, of which it may be what is left
      units.values().stream().filter(unit -> !unit.come.isEmpty()).forEach(this::add);
      units.values().stream().filter(unit -> unit.come.isEmpty()).forEach(this::add);
    } finally {
      lock.unlock();
    }
  }

  private CopyUnit unit(Map<String, CopyUnit> units, Placed one, boolean together) {
    return units.computeIfAbsent(
        together ? "" : one.id().orElse(""), _ -> new CopyUnit(nanos.getAsLong()));
  }

  /// Notes in `unit` that a message is no more.
  private void take(long number, CopyUnit unit) {
    CopyUnit untold = byCome.remove(number);
    if (untold == unit) {
      unit.come.remove(number);
    } else if (untold != null) {
      untold.come.remove(number);
      unit.absorb(untold);
      unit.come.keySet().forEach(one -> byCome.put(one, unit));
      later.remove(untold);
    } else if (!unknown.remove(number)) {
      unit.gone.add(number);
    }
  }

  private void add(CopyUnit unit) {
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

  /// Puts it in line, when the keeper has the contents.
  private void prepare(CopyUnit unit) {
    List<String> refs = unit.come.values().stream().flatMap(one -> one.content().stream()).toList();
    unit.lacks = refs.size();
    if (refs.isEmpty()) {
      line.add(unit);
      changed.signalAll();
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

  private void has(CopyUnit unit, long when) {
    lock.lock();
    try {
      unit.lacks--;
      if (unit.lacks == 0 && when == turn && !unit.merged) {
        line.add(unit);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// A keeper's turn begins.
  ///
  /// @param has the messages it has copies of
  void begin(ConcurrentLongHashSet has, Contents to) {
    lock.lock();
    try {
      contents = to;
      unknown.clear();
      live.forEach(
          number -> {
            if (!has.contains(number)) {
              unknown.add(number);
            }
          });
      var finished = new CopyUnit(nanos.getAsLong());
      has.forEach(
          number -> {
            if (!live.contains(number) && !firsts.containsKey(number)) {
              finished.gone.add(number);
            }
          });
      add(finished);
      List.copyOf(held).forEach(this::add);
      held.clear();
    } finally {
      lock.unlock();
    }
  }

  /// The keeper's turn is over; what somebody waits for waits for the next.
  void end() {
    lock.lock();
    try {
      if (contents != null) {
        ended = nanos.getAsLong();
      }
      if (recorded) {
        failing = nanos.getAsLong();
        recorded = false;
      }
      contents = null;
      turn++;
      told.forEach(one -> one.units().forEach(this::hold));
      byCome.values().forEach(this::hold);
      told.clear();
      byCome.clear();
      line.clear();
      later.clear();
      unknown.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
      goOnAlone();
    }
  }

  private void hold(CopyUnit unit) {
    if (!required) {
      unit.come.keySet().forEach(firsts::remove);
      alone.addAll(unit.waiting);
    } else if (!unit.waiting.isEmpty()) {
      var again = new CopyUnit(unit.since);
      again.come.putAll(unit.come);
      again.waiting.addAll(unit.waiting);
      held.add(again);
    }
  }

  /// A message that is on a queue, if the keeper has not been told of it.
  void offer(Placed one) {
    lock.lock();
    try {
      if (contents != null && unknown.remove(one.number())) {
        var unit = new CopyUnit(nanos.getAsLong());
        unit.come.put(one.number(), one);
        add(unit);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to tell.
  ///
  /// @param patience what is not there by then is an empty cut
  CopyBatch next(Duration patience) throws InterruptedException {
    List<CopyUnit> units = new ArrayList<>();
    long number;
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      ripen();
      while (line.isEmpty() && left > 0) {
        long start = nanos.getAsLong();
        long ripe = later.isEmpty() ? left : untilRipe(later.iterator().next());
        changed.await(Math.clamp(ripe, 1, left), TimeUnit.NANOSECONDS);
        left -= Math.max(1, nanos.getAsLong() - start);
        ripen();
      }
      while (!line.isEmpty() && units.size() < MOST) {
        CopyUnit unit = line.poll();
        if (!unit.merged) {
          unit.come.keySet().forEach(byCome::remove);
          units.add(unit);
        }
      }
      number = ++cuts;
      told.add(new Told(number, units, nanos.getAsLong()));
    } finally {
      lock.unlock();
    }
    var come = new ArrayList<byte[]>();
    var gone = new ArrayList<Long>();
    for (CopyUnit unit : units) {
      unit.come
          .values()
          .forEach(one -> come.add(new Copy(one.number(), one.frame().get()).encode()));
      gone.addAll(unit.gone);
    }
    return new CopyBatch(number, come, gone);
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
  void confirmed(long number) {
    var done = new ArrayList<Consumer<@Nullable Throwable>>();
    lock.lock();
    try {
      while (!told.isEmpty() && told.peek().number() <= number) {
        List<CopyUnit> units = told.poll().units();
        recorded |= !units.isEmpty() || hasAll();
        for (CopyUnit unit : units) {
          unit.come.keySet().forEach(one -> firsts.computeIfPresent(one, (_, _) -> turn));
          done.addAll(unit.waiting);
        }
      }
    } finally {
      lock.unlock();
    }
    done.forEach(one -> one.accept(null));
  }

  private boolean hasAll() {
    return unknown.isEmpty()
        && byCome.isEmpty()
        && line.isEmpty()
        && told.stream().allMatch(one -> one.units().isEmpty());
  }

  /// For how long no keeper has recorded what it should, whether there was one or not; none while
  /// one does.
  Duration failing() {
    lock.lock();
    try {
      return recorded ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - failing);
    } finally {
      lock.unlock();
    }
  }

  /// For how long the keeper has not confirmed what it was told; none without a keeper.
  Duration lag() {
    lock.lock();
    try {
      return told.isEmpty()
          ? Duration.ZERO
          : Duration.ofNanos(nanos.getAsLong() - told.peek().at());
    } finally {
      lock.unlock();
    }
  }

  /// Whether few enough wait to be told that more may be offered.
  boolean hasRoom() {
    lock.lock();
    try {
      return line.size() < MOST && told.size() < 4;
    } finally {
      lock.unlock();
    }
  }

  /// Tells at once what would be told later.
  ///
  /// @return whether the keeper has confirmed all, or there is none
  boolean settled() {
    lock.lock();
    try {
      var now = List.copyOf(later);
      later.clear();
      now.forEach(this::prepare);
      return contents == null
          || line.isEmpty()
              && byCome.isEmpty()
              && told.stream().allMatch(one -> one.units().isEmpty());
    } finally {
      lock.unlock();
    }
  }

  /// How many messages on our queues the keeper has not been told of; all of them without one.
  public long single() {
    lock.lock();
    try {
      return contents == null ? live.size() : unknown.size();
    } finally {
      lock.unlock();
    }
  }

  /// How many were taken although there was nobody to keep a copy.
  public long withoutCopy() {
    return withoutCopy.sum();
  }

  /// How many messages are on our queues.
  public long all() {
    return live.size();
  }
}
