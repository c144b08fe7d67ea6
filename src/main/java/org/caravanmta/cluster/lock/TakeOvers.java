package org.caravanmta.cluster.lock;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The journals of others that this node takes over now: begins, keeps and ends each.
final class TakeOvers {
  private static final Logger LOG = LoggerFactory.getLogger(TakeOvers.class);

  private final LockTree tree;
  private final Versions versions;
  private final LongSupplier nanos;
  private final int rounds;

  /// By the node that is taken over.
  private final Map<String, JournalLock> taking = new ConcurrentHashMap<>();

  /// What could not be given back yet.
  private final Set<JournalLock> returning = ConcurrentHashMap.newKeySet();

  /// @param rounds in the time of a session
  TakeOvers(LockTree tree, Versions versions, LongSupplier nanos, int rounds) {
    this.tree = tree;
    this.versions = versions;
    this.nanos = nanos;
    this.rounds = rounds;
  }

  /// @param again which notes of others count for nothing
  /// @return empty if it is not for us to take
  Optional<TakeOver> begin(Holder us, String node, Predicate<Taken> again)
      throws LocksUnavailable, InterruptedException {
    if (node.equals(us.node())) {
      throw new IllegalArgumentException("a node does not take itself over");
    }
    var lock = new JournalLock(tree, versions, node, us, nanos);
    var notes = new TakingNotes(tree, us.node());
    boolean busy = returning.stream().anyMatch(each -> each.journal().equals(node));
    if (busy || taking.putIfAbsent(node, lock) != null) {
      return Optional.empty();
    }
    boolean ours = false;
    boolean held = false;
    try {
      ours = tree.patiently(session -> take(session, lock, notes, again));
      held = ours && lock.settle(pause());
    } finally {
      if (ours && !held) {
        giveBack(lock);
      } else if (!held) {
        taking.remove(node, lock);
      }
    }
    return held
        ? Optional.of(
            new TakeOver(lock, () -> complete(lock, notes.completion(node)), () -> giveBack(lock)))
        : Optional.empty();
  }

  /// Keeps what is ours, and gives back what could not be given back.
  void round() throws InterruptedException {
    for (JournalLock each : taking.values()) {
      // whoever is at it sees when it is not held
      each.renew();
    }
    for (JournalLock each : List.copyOf(returning)) {
      if (each.release()) {
        returning.remove(each);
      }
    }
  }

  /// Gives back all, or leaves it to the end of the session.
  void end() throws InterruptedException {
    returning.addAll(taking.values());
    taking.clear();
    for (JournalLock each : returning) {
      each.release();
    }
    returning.clear();
  }

  private boolean take(
      ZooKeeper session, JournalLock lock, TakingNotes notes, Predicate<Taken> again)
      throws KeeperException, InterruptedException {
    Optional<List<Op>> note = notes.ours(session, lock.journal(), again);
    if (note.isEmpty()) {
      return false;
    }
    try {
      return lock.take(note.get()) instanceof JournalLock.Attempt.Won;
    } catch (KeeperException.NodeExistsException
        | KeeperException.NoNodeException
        | KeeperException.BadVersionException e) {
      LOG.debug("another was faster to take {} over: {}", lock.journal(), e.getMessage());
      return false;
    }
  }

  private void complete(JournalLock lock, Op completion)
      throws LocksUnavailable, InterruptedException {
    if (!tree.patiently(_ -> lock.fenced(List.of(completion)))) {
      throw new LocksUnavailable(
          "the lock on the journal of " + lock.journal() + " is lost: another may be at it");
    }
  }

  private void giveBack(JournalLock lock) {
    lock.end();
    if (taking.get(lock.journal()) != lock) {
      return;
    }
    // without an answer it is tried again in each round
    returning.add(lock);
    taking.remove(lock.journal());
    try {
      if (lock.release()) {
        returning.remove(lock);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    return tree.sessionTime().dividedBy(rounds);
  }
}
