package org.caravanmta.queue.copies;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.activemq.artemis.utils.collections.ConcurrentLongHashSet;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueFollower;
import org.jspecify.annotations.Nullable;

/// What the keeper of our copies has to be told, in an order in which it may stop at any place and
/// have some state of every message that is not finished.
///
/// What somebody waits for and new mail are told at once, mail that is finished with the next of
/// these or soon. Mail that goes from stage to stage is told after a while only, and not at all if
/// it is finished by then: the keeper has its former state.
///
/// Without a keeper it is only noted which messages there are: the next one is compared with that.
public final class Ledger implements QueueFollower {
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();

  /// The messages on our queues.
  private final ConcurrentLongHashSet live = new ConcurrentLongHashSet();

  /// Those that are copied before they are on a queue: the keeper's turn in which they were, or 0.
  private final Map<Long, Long> firsts = new HashMap<>();

  /// Those on our queues that the keeper has not been told of.
  private final ConcurrentLongHashSet unknown = new ConcurrentLongHashSet();

  /// Those of which the keeper had no copy when they were put in line, until it has confirmed them.
  private final ConcurrentLongHashSet unsure = new ConcurrentLongHashSet();

  /// Of which the keeper has copies from before, and which are no more; null when it was told.
  private @Nullable CopyUnit finished;

  private final Telling telling;
  private final WaitingSenders waiting;

  /// What this keeper has confirmed, and nobody who waits for it was told, since an earlier keeper
  /// counts until this one has all; null while they are told.
  private @Nullable List<CopyUnit> withheld;

  /// @param required whether those who wait for a copy wait for a keeper, or go on without
  /// @param nanos {@link System#nanoTime}
  public Ledger(boolean required, LongSupplier nanos) {
    this.nanos = nanos;
    this.telling = new Telling(lock, nanos);
    this.waiting = new WaitingSenders(required, nanos);
  }

  @Override
  public void first(long number, Frame frame, Consumer<@Nullable Throwable> copied) {
    lock.lock();
    try {
      if (!telling.hasKeeper() && waiting.sendsAway(copied)) {
        return;
      }
      firsts.put(number, 0L);
      CopyUnit unit = unit();
      unit.come.put(number, Placed.of(number, frame));
      unit.waiting.add(copied);
      if (telling.hasKeeper()) {
        telling.add(unit);
      } else {
        waiting.hold(unit);
      }
    } finally {
      lock.unlock();
      waiting.goOn();
    }
  }

  private CopyUnit unit() {
    return new CopyUnit(nanos.getAsLong());
  }

  @Override
  public void withdraw(long number) {
    lock.lock();
    try {
      if (firsts.remove(number) == null) {
        return;
      }
      waiting.withdraw(number);
      if (!telling.drop(number) && telling.hasKeeper()) {
        CopyUnit unit = unit();
        unit.gone.add(number);
        telling.add(unit);
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
        if (telling.hasKeeper()) {
          take(one.number(), unit(units, one, together));
        }
      }
      for (Placed one : come) {
        live.add(one.number());
        Long copied = firsts.remove(one.number());
        if (telling.hasKeeper() && (copied == null || copied != telling.turn())) {
          CopyUnit unit = unit(units, one, together);
          unit.come.put(one.number(), one);
          // of what an earlier keeper has confirmed, or nobody was told of, this one has nothing
          if (unit.bare || copied != null || unit.gone.isEmpty()) {
            unsure.add(one.number());
          }
        }
      }
      var all = new LinkedHashSet<CopyUnit>();
      units.values().forEach(unit -> all.add(unit.survivor()));
      // what is new before what is finished, of which it may be what is left
      all.stream().filter(unit -> !unit.come.isEmpty()).forEach(telling::add);
      all.stream().filter(unit -> unit.come.isEmpty()).forEach(telling::add);
      tellFinished();
    } finally {
      lock.unlock();
    }
  }

  private CopyUnit unit(Map<String, CopyUnit> units, Placed one, boolean together) {
    // what comes with several messages of one transaction may have made one of their units
    return units.computeIfAbsent(together ? "" : one.id().orElse(""), _ -> unit()).survivor();
  }

  /// Notes in `unit` that a message is no more.
  private void take(long number, CopyUnit unit) {
    boolean untold = telling.take(number, unit);
    if (untold) {
      unit.bare |= unsure.remove(number);
    } else if (unknown.remove(number)) {
      unit.bare = true;
    } else {
      unit.gone.add(number);
    }
  }

  /// A keeper's turn begins.
  ///
  /// @param has the messages it has copies of
  /// @param instead whether an earlier keeper has copies of all, and counts until {@link #complete}
  void begin(ConcurrentLongHashSet has, Telling.Contents to, boolean instead) {
    lock.lock();
    try {
      withheld = instead ? new ArrayList<>() : null;
      telling.begin(to);
      unknown.clear();
      unsure.clear();
      live.forEach(
          number -> {
            if (!has.contains(number)) {
              unknown.add(number);
            }
          });
      // what is on its way to a queue, and which an earlier keeper has confirmed
      firsts.replaceAll(
          (number, copied) -> copied != 0 && has.contains(number) ? telling.turn() : copied);
      CopyUnit old = unit();
      has.forEach(
          number -> {
            if (!live.contains(number) && !firsts.containsKey(number)) {
              old.gone.add(number);
            }
          });
      finished = old;
      tellFinished();
      waiting.release().forEach(telling::add);
    } finally {
      lock.unlock();
    }
  }

  /// Not before all that is on the queues is at the keeper: what is no more may have gone on as
  /// something of that.
  private void tellFinished() {
    CopyUnit old = finished;
    if (old != null && unknown.isEmpty() && unsure.isEmpty()) {
      finished = null;
      telling.add(old);
    }
  }

  /// The keeper counts now: those whose copies it has confirmed are told.
  void complete() {
    List<CopyUnit> units;
    lock.lock();
    try {
      units = withheld == null ? List.of() : withheld;
      withheld = null;
    } finally {
      lock.unlock();
    }
    tell(units);
  }

  private static void tell(List<CopyUnit> units) {
    units.forEach(unit -> unit.waiting.forEach(one -> one.accept(null)));
  }

  /// The keeper's turn is over; what somebody waits for waits for the next.
  void end() {
    lock.lock();
    try {
      if (telling.hasKeeper()) {
        waiting.keeperEnded();
      }
      var units = new ArrayList<CopyUnit>(telling.end());
      if (withheld != null) {
        units.addAll(withheld);
        withheld = null;
      }
      for (CopyUnit unit : units) {
        // what was withdrawn meanwhile is not told to another
        unit.come.keySet().removeIf(number -> !firsts.containsKey(number));
        if (unit.come.isEmpty()) {
          unit.waiting.clear();
        }
        if (!waiting.holdAgain(unit)) {
          unit.come.keySet().forEach(firsts::remove);
        }
      }
      unknown.clear();
      unsure.clear();
      finished = null;
    } finally {
      lock.unlock();
      waiting.goOn();
    }
  }

  /// A message that is on a queue, if the keeper has not been told of it.
  void offer(Placed one) {
    lock.lock();
    try {
      if (telling.hasKeeper() && unknown.remove(one.number())) {
        CopyUnit unit = unit();
        unit.come.put(one.number(), one);
        unsure.add(one.number());
        telling.add(unit);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to tell.
  ///
  /// @param patience what is not there by then is an empty cut
  CopyBatch next(Duration patience) throws InterruptedException {
    return telling.next(patience);
  }

  /// The keeper has all up to this cut.
  void confirmed(long number) {
    List<CopyUnit> units;
    lock.lock();
    try {
      units = telling.confirmed(number, unknown.isEmpty());
      for (CopyUnit unit : units) {
        unit.come.keySet().forEach(one -> firsts.computeIfPresent(one, (_, _) -> telling.turn()));
        unit.come.keySet().forEach(unsure::remove);
      }
      tellFinished();
      if (withheld != null) {
        units.stream().filter(unit -> !unit.waiting.isEmpty()).forEach(withheld::add);
        units = List.of();
      }
    } finally {
      lock.unlock();
    }
    tell(units);
  }

  /// For how long no keeper has recorded what it should, whether there was one or not; none while
  /// one does.
  Duration failing() {
    lock.lock();
    try {
      return telling.failing();
    } finally {
      lock.unlock();
    }
  }

  /// For how long the keeper has not confirmed what it was told; none without a keeper.
  Duration lag() {
    lock.lock();
    try {
      return telling.lag();
    } finally {
      lock.unlock();
    }
  }

  /// Whether few enough wait to be told that more may be offered.
  boolean hasRoom() {
    lock.lock();
    try {
      return telling.hasRoom();
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
      return telling.settled();
    } finally {
      lock.unlock();
    }
  }

  /// How many messages on our queues the keeper has no copy of, as far as it has confirmed; all of
  /// them without one.
  public long single() {
    lock.lock();
    try {
      long queued = telling.hasKeeper() ? unknown.size() + unsure.size() : live.size();
      return queued + elsewhere();
    } finally {
      lock.unlock();
    }
  }

  /// How many are on their way to a queue that another keeper has confirmed.
  private long elsewhere() {
    return firsts.values().stream()
        .filter(copied -> copied != 0 && copied != telling.turn())
        .count();
  }

  /// How many of them the keeper has not been offered yet.
  long unoffered() {
    lock.lock();
    try {
      return unknown.size();
    } finally {
      lock.unlock();
    }
  }

  /// How many were taken although there was nobody to keep a copy.
  public long withoutCopy() {
    return waiting.withoutCopy();
  }

  /// How many messages are on our queues.
  public long all() {
    return live.size();
  }
}
