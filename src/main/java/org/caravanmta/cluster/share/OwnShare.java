package org.caravanmta.cluster.share;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Demand;
import org.caravanmta.share.Portion;
import org.caravanmta.share.Share;
import org.caravanmta.share.Sharer;

/// This node's part of one limit.
final class OwnShare implements Share {
  private final String key;
  private final CommonLimit limit;
  private final Sharer sharer;
  private final Consumer<OwnShare> wanting;
  private final Consumer<OwnShare> leaving;
  private volatile Portion part;

  /// How long an answer is new, in nanoseconds: another would be the same.
  private static final long NEW = 50_000_000L;

  /// Who is asked for it.
  private volatile String owner;

  /// Whether the owner is told of it.
  private volatile boolean active;

  private volatile long answered;
  private volatile boolean closed;

  /// @param nodes that live
  /// @param wanting told when more is wanted
  OwnShare(
      String key,
      CommonLimit limit,
      Collection<String> nodes,
      Sharer sharer,
      Consumer<OwnShare> wanting,
      Consumer<OwnShare> leaving) {
    this.key = key;
    this.limit = limit;
    this.sharer = sharer;
    this.wanting = wanting;
    this.leaving = leaving;
    this.owner = Owners.of(key, nodes).getFirst();
    this.part = Portion.unasked(Owners.unasked(limit, nodes.size()));
  }

  String key() {
    return key;
  }

  @Override
  public Portion part() {
    return part;
  }

  @Override
  public void want() {
    if (!active || System.nanoTime() - answered > NEW) {
      active = true;
      wanting.accept(this);
    }
  }

  @Override
  public void close() {
    closed = true;
    leaving.accept(this);
  }

  String owner() {
    return owner;
  }

  /// The nodes are others: who owns it may be another.
  ///
  /// @return whether that one is to be told of it
  boolean reconsider(Collection<String> nodes) {
    owner = Owners.of(key, nodes).getFirst();
    if (nodes.size() > 1 && (part.asked() || !demand().isNone())) {
      active = true;
    } else if (!active) {
      set(Portion.unasked(Owners.unasked(limit, nodes.size())));
    }
    return active;
  }

  private Demand demand() {
    return closed ? Demand.NONE : sharer.demand();
  }

  /// What the owner is to be told.
  ///
  /// @param nodes how many live
  Report report(int nodes) {
    if (demand().isNone()) {
      // before it is given back: what comes now has to ask again
      set(Portion.unasked(Owners.unasked(limit, nodes)));
    }
    int held = part.places();
    return new Report(key, limit, held, demand());
  }

  /// What the owner says.
  ///
  /// @param told what it was told
  /// @return whether it is to be told again
  boolean answered(Report told, Portion answer) {
    answered = System.nanoTime();
    if (told.demand().isNone()) {
      active = false;
      return false;
    }
    set(answer);
    return true;
  }

  /// The owner does not answer.
  void unanswered(Collection<String> nodes, String node) {
    int places =
        Math.max(Owners.even(key, limit, nodes, node), Owners.unasked(limit, nodes.size()));
    set(new Portion(places, nodes.size(), Duration.ZERO, true));
  }

  private void set(Portion changed) {
    if (!changed.equals(part)) {
      part = changed;
      sharer.granted(changed);
    }
  }
}
