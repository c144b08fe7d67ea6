package org.caravanmta.cluster.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's lock on its own journal, which it takes again when it was lost, and what it says about
/// itself while it has it.
final class OwnJournal {
  private static final Logger LOG = LoggerFactory.getLogger(OwnJournal.class);

  private enum State {
    HELD,
    LOST,
    /// Ours again; the one who had it meanwhile may not be done.
    REGAINING
  }

  private final LockTree tree;
  private final JournalLock lock;
  private final Holder us;
  private final JournalListener listener;

  private State state = State.LOST;
  private volatile boolean open;
  private boolean answered = true;
  private Optional<Member> member = Optional.empty();

  /// The session in which the others were told last; 0 for none.
  private long announced;

  OwnJournal(LockTree tree, JournalLock lock, Holder us, JournalListener listener) {
    this.tree = tree;
    this.lock = lock;
    this.us = us;
    this.listener = listener;
  }

  JournalLock lock() {
    return lock;
  }

  Holder us() {
    return us;
  }

  boolean holds() {
    return open && lock.holds();
  }

  /// Waits until the lock is held.
  void join(Duration pause, Duration session) throws NameInUse, InterruptedException {
    var namesake = new Namesake(us.node(), session);
    String waitingFor = "";
    while (true) {
      try {
        switch (lock.take(List.of())) {
          case JournalLock.Attempt.Won() -> {
            if (lock.settle(pause)) {
              return;
            }
          }
          case JournalLock.Attempt.HeldBy held -> {
            namesake.look(held);
            if (!waitingFor.equals(held.holder().node())) {
              waitingFor = held.holder().node();
              LOG.info("the journal of {} is locked by {}: waiting", us.node(), waitingFor);
            }
          }
        }
      } catch (KeeperException e) {
        LOG.debug("not joined yet: {}", e.getMessage());
      }
      Thread.sleep(pause);
    }
  }

  /// Has joined.
  synchronized void begin() {
    state = State.HELD;
    open = true;
  }

  synchronized void say(Member now) {
    if (!now.name().equals(us.node())) {
      throw new IllegalArgumentException("a node speaks for itself, not for " + now.name());
    }
    member = Optional.of(now);
    announced = 0;
  }

  /// One of the rounds that keep it.
  synchronized void round(long now, long session) throws InterruptedException {
    switch (state) {
      case HELD -> {
        JournalLock.Renewal renewal = lock.renew();
        say(renewal);
        if (renewal == JournalLock.Renewal.GONE || now - lock.renewedAt() > session) {
          lose();
        } else {
          announceLate();
        }
      }
      case LOST -> regain();
      case REGAINING -> settle();
    }
  }

  /// Tells the others, if they were not told in this session.
  synchronized void announce(ZooKeeper session) throws KeeperException, InterruptedException {
    long id = session.getSessionId();
    if (member.isEmpty() || announced == id && id != 0) {
      return;
    }
    String path = tree.path(Branch.MEMBERS, us.node());
    byte[] bytes = member.get().bytes();
    Optional<LockTree.Found> there = LockTree.read(session, path);
    if (there.isPresent() && there.get().stat().getEphemeralOwner() == session.getSessionId()) {
      session.setData(path, bytes, -1);
    } else {
      var ops = new ArrayList<Op>();
      there.ifPresent(_ -> ops.add(Op.delete(path, -1)));
      ops.add(tree.ephemeral(path, bytes));
      session.multi(ops);
    }
    announced = session.getSessionId();
  }

  private void announceLate() throws InterruptedException {
    try {
      announce(tree.session());
    } catch (KeeperException e) {
      LOG.debug("the others have not been told yet: {}", e.getMessage());
    }
  }

  private void say(JournalLock.Renewal renewal) {
    boolean now = renewal != JournalLock.Renewal.UNANSWERED;
    if (answered && !now) {
      LOG.warn("the lock service does not answer");
    } else if (!answered && now) {
      LOG.info("the lock service answers again");
    }
    answered = now;
  }

  private void lose() {
    open = false;
    lock.end();
    state = State.LOST;
    LOG.warn("the lock on the journal of {} is lost", us.node());
    listener.lost();
  }

  private void regain() throws InterruptedException {
    try {
      if (lock.take(List.of()) instanceof JournalLock.Attempt.Won) {
        state = State.REGAINING;
        settle();
      }
    } catch (KeeperException e) {
      LOG.debug("not regained yet: {}", e.getMessage());
    }
  }

  private void settle() throws InterruptedException {
    if (lock.renew() == JournalLock.Renewal.GONE) {
      state = State.LOST;
      return;
    }
    if (!lock.holds()) {
      return;
    }
    try {
      Optional<Taken> taken = TakingNotes.read(tree, tree.session(), us.node());
      LOG.info("the lock on the journal of {} is held again", us.node());
      listener.regained(taken);
      state = State.HELD;
      open = true;
      announceLate();
    } catch (KeeperException e) {
      LOG.debug("not regained yet: {}", e.getMessage());
    }
  }
}
