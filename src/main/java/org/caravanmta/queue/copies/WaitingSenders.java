package org.caravanmta.queue.copies;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.jspecify.annotations.Nullable;

/// Those who wait for a copy while there is nobody to keep one: they wait for the next keeper, for
/// a while, or go on without. Guarded by the lock of the {@link Ledger}, but for {@link #goOn},
/// which tells them.
final class WaitingSenders {
  /// With nobody who keeps copies for so long, nobody waits for one.
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final boolean required;
  private final LongSupplier nanos;

  /// What is to be told to the next keeper for those who wait.
  private final List<CopyUnit> held = new ArrayList<>();

  /// Those who wait for a copy no longer.
  private final Queue<Consumer<@Nullable Throwable>> alone = new ConcurrentLinkedQueue<>();

  private final Queue<Consumer<@Nullable Throwable>> refused = new ConcurrentLinkedQueue<>();

  private final LongAdder withoutCopy = new LongAdder();

  /// When there was a keeper last.
  private long ended;

  /// @param required whether they wait for a keeper, or go on without
  WaitingSenders(boolean required, LongSupplier nanos) {
    this.required = required;
    this.nanos = nanos;
    this.ended = nanos.getAsLong();
  }

  /// Decides about one who comes while there is no keeper.
  ///
  /// @return whether he does not wait
  boolean sendsAway(Consumer<@Nullable Throwable> copied) {
    if (!required) {
      alone.add(copied);
      return true;
    }
    if (nanos.getAsLong() - ended > LONGEST.toNanos()) {
      refused.add(copied);
      return true;
    }
    return false;
  }

  /// Has one wait for the next keeper.
  void hold(CopyUnit unit) {
    held.add(unit);
  }

  /// There is no keeper any more.
  void keeperEnded() {
    ended = nanos.getAsLong();
  }

  /// Has those wait for the next keeper who have waited for the last one.
  ///
  /// @return whether they wait; else they go on without
  boolean holdAgain(CopyUnit unit) {
    if (!required) {
      alone.addAll(unit.waiting);
    } else if (!unit.waiting.isEmpty()) {
      var again = new CopyUnit(unit.since);
      again.come.putAll(unit.come);
      again.waiting.addAll(unit.waiting);
      held.add(again);
    }
    return required;
  }

  /// Nobody waits for a copy of this message any more.
  void withdraw(long number) {
    held.removeIf(unit -> unit.come.containsKey(number));
  }

  /// What is to be told to the keeper who is there now.
  List<CopyUnit> release() {
    List<CopyUnit> all = List.copyOf(held);
    held.clear();
    return all;
  }

  /// Tells those who go on without a copy, or not at all; outside of the lock.
  void goOn() {
    for (Consumer<@Nullable Throwable> next = refused.poll(); next != null; next = refused.poll()) {
      next.accept(new QueueUnavailable("no other node of the cluster keeps copies"));
    }
    for (Consumer<@Nullable Throwable> next = alone.poll(); next != null; next = alone.poll()) {
      withoutCopy.increment();
      next.accept(null);
    }
  }

  /// How many went on although there was nobody to keep a copy.
  long withoutCopy() {
    return withoutCopy.sum();
  }
}
