package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.util.Optional;
import org.caravanmta.delivery.shaping.Rate;

/// When the next task for a destination may begin: after a rest, as its rate delay and its rate
/// want it. Not safe for use by several threads.
final class Pauses {
  /// How long before its beginning a task may be in memory, in nanoseconds.
  static final long AHEAD = 1_000_000_000L;

  private final Duration delay;
  private final Optional<Rate> rate;

  /// How many nodes have a part of the rate.
  private int sharers = 1;

  /// Before this no task begins, as {@link System#nanoTime}.
  private long next = System.nanoTime();

  /// @param delay after the end of each task; zero for none
  Pauses(Duration delay, Optional<Rate> rate) {
    this.delay = delay;
    this.rate = rate;
  }

  /// How long it is until the next may begin, in nanoseconds; zero or less: now.
  long left() {
    return next - System.nanoTime();
  }

  void begun() {
    rate.ifPresent(it -> later(it.interval().multipliedBy(sharers)));
  }

  void ended() {
    later(delay);
  }

  /// Notes how many nodes have a part of the rate, and how long none may begin since one has on
  /// another.
  void share(int nodes, Duration rest) {
    sharers = nodes;
    later(rest);
  }

  private void later(Duration rest) {
    if (rest.isPositive()) {
      long after = System.nanoTime() + rest.toNanos();
      next = next - after > 0 ? next : after;
    }
  }

  /// The time from one task to the next at the least, in nanoseconds.
  long each() {
    return Math.max(
        delay.toNanos(), sharers * rate.map(Rate::interval).orElse(Duration.ZERO).toNanos());
  }

  /// Whether a task need not wait for long.
  ///
  /// @param before the tasks that begin before it
  boolean isSoon(int before) {
    return each() == 0 || Math.max(left(), 0) + Math.max(before, 0) * (double) each() <= AHEAD;
  }

  /// What keeps the next task from beginning now.
  Optional<Restraint> restraint() {
    if (left() <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        rate.<Restraint>map(it -> new Restraint.Rate(it.toString()))
            .orElseGet(() -> new Restraint.RateDelay(delay)));
  }
}
