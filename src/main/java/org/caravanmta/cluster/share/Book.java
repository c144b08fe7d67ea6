package org.caravanmta.cluster.share;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.caravanmta.share.Portion;

/// Who has what of the limits that this node owns.
final class Book {
  /// How long nothing may be heard of a node before it is taken to divide without us, in
  /// nanoseconds. Less than {@link Asker#SILENCE}: what it will have by then is kept for it.
  static final long QUIET = 1_500_000_000L;

  /// How often limits that nobody wants are looked for.
  private static final long SWEEP = 10_000_000_000L;

  private final LongSupplier nanos;
  private final Map<String, Limit> limits = new HashMap<>();
  private final Map<String, Long> heard = new HashMap<>();
  private long swept;

  /// @param nanos the time, as {@link System#nanoTime}
  Book(LongSupplier nanos) {
    this.nanos = nanos;
    this.swept = nanos.getAsLong();
  }

  /// Notes what a node tells, and says what it has from now on, of one limit after the other.
  ///
  /// @param nodes that live
  synchronized List<Portion> answer(String node, Collection<String> nodes, List<Report> reports) {
    long now = nanos.getAsLong();
    heard.put(node, now);
    heard.keySet().retainAll(nodes);
    var parts = new ArrayList<Portion>();
    for (Report report : reports) {
      Limit limit = limits.computeIfAbsent(report.key(), key -> new Limit(key, report.limit()));
      parts.add(limit.answer(node, nodes, report, this::isQuiet, now));
    }
    if (now - swept > SWEEP) {
      swept = now;
      limits.values().removeIf(limit -> limit.isForgettable(nodes, now));
    }
    return parts;
  }

  private boolean isQuiet(String node) {
    Long last = heard.get(node);
    return last == null || nanos.getAsLong() - last > QUIET;
  }

  /// How many limits are known.
  synchronized int size() {
    return limits.size();
  }
}
