package org.caravanmta.cluster.share;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Portion;

/// What the nodes have of one limit. Not safe for use by several threads.
final class Limit {
  /// How long a node has a place that others want too, when there is not one for each, in
  /// nanoseconds.
  static final long TURN = 2_000_000_000L;

  private final String key;
  private CommonLimit limit;
  private final Map<String, Holding> holdings = new HashMap<>();

  /// Before this no task begins on a node that had no part, as {@link System#nanoTime}; only of a
  /// spaced one.
  private long next;

  private boolean resting;

  /// What one node has.
  private static final class Holding {
    /// The places that it was given, besides those that it has without asking.
    int granted;

    /// The places that it has used until it hears what it was given now: what is more may be used
    /// before.
    int used;

    int atWork;
    int wanted;

    /// The places that may be in use.
    int held() {
      return Math.max(Math.max(granted, used), atWork);
    }
  }

  Limit(String key, CommonLimit limit) {
    this.key = key;
    this.limit = limit;
  }

  /// Notes what a node tells of it, and says what it has from now on.
  ///
  /// @param nodes that live
  /// @param quiet nothing is heard of
  Portion answer(
      String node, Collection<String> nodes, Report report, Predicate<String> quiet, long now) {
    limit = report.limit();
    int unasked = Owners.unasked(limit, nodes.size());
    holdings.keySet().retainAll(nodes);
    Holding own = holdings.computeIfAbsent(node, _ -> new Holding());
    own.used = Math.max(0, report.held() - unasked);
    own.atWork = Math.max(0, report.demand().atWork() - unasked);
    own.wanted = Math.max(0, Math.min(report.demand().wanted(), limit.most()) - unasked);
    rest(report, now);
    long free = limit.most() - (long) unasked * nodes.size();
    long left = free - heldByOthers(node, nodes, unasked, quiet);
    own.granted = (int) Math.max(0, Math.min(target(node, nodes, free, now), left));
    int sharers = (int) holdings.values().stream().filter(one -> one.held() > 0).count();
    boolean begins = report.held() == 0 && own.granted > 0 && resting;
    if (own.held() == 0 && own.wanted == 0) {
      holdings.remove(node);
    }
    Duration pause = Duration.ofNanos(begins ? Math.max(0, next - now) : 0);
    return new Portion(unasked + own.granted, Math.max(1, sharers), pause, true);
  }

  private void rest(Report report, long now) {
    long end = now + report.demand().rest().toNanos();
    if (!resting || end - next > 0) {
      next = end;
      resting = true;
    }
    resting &= next - now > 0;
  }

  private long heldByOthers(
      String node, Collection<String> nodes, int unasked, Predicate<String> quiet) {
    long held = 0;
    for (String other : nodes) {
      if (!other.equals(node)) {
        Holding holding = holdings.get(other);
        int has = holding == null ? 0 : holding.held();
        int even = Math.max(0, Owners.even(key, limit, nodes, other) - unasked);
        held += quiet.test(other) ? Math.max(has, even) : has;
      }
    }
    return held;
  }

  /// What a node is to have: no more than it wants, and as much as the others that want as much.
  private long target(String node, Collection<String> nodes, long free, long now) {
    var open =
        new ArrayList<>(Owners.of(key, nodes).stream().filter(one -> wanted(one) > 0).toList());
    long left = free;
    boolean some = true;
    while (some && !open.isEmpty()) {
      long each = left / open.size();
      List<String> content = open.stream().filter(one -> wanted(one) <= each).toList();
      if (content.contains(node)) {
        return wanted(node);
      }
      left -= content.stream().mapToLong(this::wanted).sum();
      open.removeAll(content);
      some = !content.isEmpty();
    }
    int place = open.indexOf(node);
    if (place < 0) {
      return 0;
    }
    // what cannot be divided goes round
    int turns = open.size();
    int first = (int) Math.floorMod(Math.floorDiv(now, TURN), (long) turns);
    boolean extra = Math.floorMod(place - first, turns) < left % turns;
    return left / turns + (extra ? 1 : 0);
  }

  private int wanted(String node) {
    Holding holding = holdings.get(node);
    return holding == null ? 0 : holding.wanted;
  }

  /// Whether no node has any of it, or wants any.
  boolean isForgettable(Collection<String> nodes, long now) {
    holdings.keySet().retainAll(nodes);
    return holdings.isEmpty() && (!resting || next - now <= 0);
  }
}
