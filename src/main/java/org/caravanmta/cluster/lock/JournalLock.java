package org.caravanmta.cluster.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;

/// The lock on one node's journal, as one node takes, keeps and gives it back; see the page of this
/// package for what it is made of, and why.
final class JournalLock {
  /// Clocks of two machines differ in their speed by less than one part of this.
  private static final int DRIFT_PARTS = 100;

  /// What has come of trying to take it.
  sealed interface Attempt {
    /// It is ours; whether it is held is another question, see {@link #holds}.
    record Won() implements Attempt {}

    /// @param since when this node has first seen what the holder wrote last, by our clock
    record HeldBy(Holder holder, long since) implements Attempt {}
  }

  /// What has come of writing to the lease.
  enum Renewal {
    KEPT,
    /// Nobody has answered, or the answer was lost.
    UNANSWERED,
    /// It is not ours any more.
    GONE
  }

  private final LockTree tree;
  private final Versions versions;
  private final Holder us;
  private final LongSupplier nanos;
  private final Lease lease;
  private final String serving;
  private final String leases;
  private final String journal;

  private long session;
  private int version;

  /// When the holder before us can do nothing any more, and for how long it could.
  private long free;

  private long waiting;
  private volatile long renewedAt;

  /// @param journal the node whose journal it is
  JournalLock(LockTree tree, Versions versions, String journal, Holder us, LongSupplier nanos) {
    this.tree = tree;
    this.versions = versions;
    this.us = us;
    this.nanos = nanos;
    this.lease = new Lease(nanos);
    this.journal = journal;
    this.serving = tree.path(Branch.SERVING, journal);
    this.leases = tree.path(Branch.LEASES, journal);
    this.free = nanos.getAsLong();
  }

  String journal() {
    return journal;
  }

  /// Whether nobody else can hold it now.
  boolean holds() {
    return lease.holds();
  }

  /// When the last write that succeeded was begun.
  long renewedAt() {
    return renewedAt;
  }

  /// Tries to take it, and does something else in the same transaction.
  ///
  /// @throws KeeperException also if somebody was faster, or the rest cannot be done
  synchronized Attempt take(List<Op> rest) throws KeeperException, InterruptedException {
    ZooKeeper zk = tree.session();
    tree.make(zk, leases, new byte[0]);
    // first the lease: whoever takes the lock after this has written to it
    LockTree.Found before =
        LockTree.read(zk, leases).orElseThrow(KeeperException.NoNodeException::new);
    Optional<LockTree.Found> there = LockTree.read(zk, serving);
    long seen = versions.see(journal, before.stat().getMzxid());
    var ops = new ArrayList<Op>();
    if (there.isPresent()) {
      Holder holder = Holder.read(there.get().bytes());
      if (holder.mark().equals(us.mark())
          && there.get().stat().getEphemeralOwner() == zk.getSessionId()) {
        // an answer was lost
        session = zk.getSessionId();
        version = before.stat().getVersion();
        return new Attempt.Won();
      }
      if (!us.mark().succeeds(holder.mark())) {
        return new Attempt.HeldBy(holder, seen);
      }
      ops.add(Op.delete(serving, -1));
    }
    wait(Fields.read(before.bytes()), seen);
    ops.add(tree.ephemeral(serving, us.bytes()));
    long term = term(zk);
    ops.add(Op.setData(leases, written(term), before.stat().getVersion()));
    ops.addAll(rest);
    long begun = nanos.getAsLong();
    zk.multi(ops);
    session = zk.getSessionId();
    version = before.stat().getVersion() + 1;
    renewed(begun, term);
    return new Attempt.Won();
  }

  /// Says that we live.
  synchronized Renewal renew() throws InterruptedException {
    while (true) {
      try {
        ZooKeeper zk = tree.session();
        if (zk.getSessionId() != session) {
          return Renewal.GONE;
        }
        long term = term(zk);
        long begun = nanos.getAsLong();
        zk.multi(List.of(Op.check(serving, -1), Op.setData(leases, written(term), version)));
        version++;
        renewed(begun, term);
        return Renewal.KEPT;
      } catch (KeeperException.BadVersionException e) {
        Renewal ours = again();
        if (ours != Renewal.KEPT) {
          return ours;
        }
      } catch (KeeperException.NoNodeException | KeeperException.SessionExpiredException e) {
        return Renewal.GONE;
      } catch (KeeperException e) {
        return Renewal.UNANSWERED;
      }
    }
  }

  /// Keeps it until it is held.
  ///
  /// @return whether it still is ours
  boolean settle(Duration pause) throws InterruptedException {
    while (!holds()) {
      if (renew() == Renewal.GONE) {
        return false;
      }
      if (!holds()) {
        Thread.sleep(pause);
      }
    }
    return true;
  }

  /// Does something on the condition that the lock is ours.
  ///
  /// @return whether it was
  synchronized boolean fenced(List<Op> ops) throws KeeperException, InterruptedException {
    while (true) {
      try {
        var all = new ArrayList<>(List.of(Op.check(serving, -1), Op.check(leases, version)));
        all.addAll(ops);
        tree.session().multi(all);
        return true;
      } catch (KeeperException.BadVersionException e) {
        if (again() != Renewal.KEPT) {
          return false;
        }
      } catch (KeeperException.NoNodeException e) {
        return false;
      }
    }
  }

  /// Holds it no longer, whatever becomes of the lock.
  synchronized void end() {
    lease.end();
  }

  /// Gives it back, so that the next one need not wait.
  ///
  /// @return whether it is not ours any more
  synchronized boolean release() throws InterruptedException {
    lease.end();
    while (true) {
      try {
        var rest = isFree() ? Fields.NONE : Fields.NONE.with("waiting", waiting);
        tree.session()
            .multi(List.of(Op.delete(serving, -1), Op.setData(leases, rest.bytes(), version)));
        return true;
      } catch (KeeperException.BadVersionException e) {
        Renewal ours = again();
        if (ours != Renewal.KEPT) {
          return ours == Renewal.GONE;
        }
      } catch (KeeperException.NoNodeException e) {
        return true;
      } catch (KeeperException e) {
        return false;
      }
    }
  }

  /// Finds out what the version is, when an answer was lost: nobody else writes with our mark.
  private Renewal again() throws InterruptedException {
    try {
      Optional<LockTree.Found> there = LockTree.read(tree.session(), leases);
      if (there.isEmpty() || !Mark.of(Fields.read(there.get().bytes())).equals(us.mark())) {
        return Renewal.GONE;
      }
      version = there.get().stat().getVersion();
      return Renewal.KEPT;
    } catch (KeeperException e) {
      return Renewal.UNANSWERED;
    }
  }

  private void renewed(long begun, long term) {
    renewedAt = begun;
    if (isFree()) {
      waiting = 0;
      lease.extend(begun + TimeUnit.MILLISECONDS.toNanos(term));
    }
  }

  private boolean isFree() {
    return nanos.getAsLong() - free >= 0;
  }

  /// Milliseconds for which a write is good; 0 while there is no session yet.
  private static long term(ZooKeeper zk) {
    return zk.getSessionTimeout() * 3L / 4;
  }

  /// What is written to the lease: whose it is, for how long, and for how long those before us may
  /// not be over, if we do not hold it yet.
  private byte[] written(long term) {
    return us.mark()
        .in(Fields.NONE)
        .with("term", term)
        .with("waiting", isFree() ? 0 : waiting)
        .bytes();
  }

  /// From when on we may hold it.
  private void wait(Fields before, long seen) {
    boolean dead = us.mark().succeeds(Mark.of(before));
    waiting = Math.max(before.number("waiting"), dead ? 0 : before.number("term"));
    free =
        waiting == 0
            ? nanos.getAsLong()
            : seen + TimeUnit.MILLISECONDS.toNanos(waiting + waiting / DRIFT_PARTS + 1);
  }
}
