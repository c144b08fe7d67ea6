package org.caravanmta.cluster.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lock service, as one node of a cluster uses it: which nodes live, who has whose journal, and
/// what they have agreed on.
public final class LockService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockService.class);

  /// How often a lease is renewed in the time of a session.
  private static final int ROUNDS = 8;

  private final LongSupplier nanos;
  private final LockTree tree;
  private final Versions versions;
  private final Watched watched;
  private final AgreedValues values;
  private final TakeOvers takeOvers;

  private final Thread rounds;
  private volatile boolean closed;

  /// Absent until this node has begun to join.
  private volatile Optional<OwnJournal> own = Optional.empty();

  private LockService(LockTree tree, LongSupplier nanos) {
    this.nanos = nanos;
    this.tree = tree;
    this.versions = new Versions(nanos);
    this.watched = new Watched(tree, versions);
    this.values = new AgreedValues(tree, watched);
    this.takeOvers = new TakeOvers(tree, versions, nanos, ROUNDS);
    this.rounds = Thread.ofPlatform().daemon().name("cluster-locks").unstarted(this::go);
  }

  /// Connects to the lock service.
  ///
  /// @param patience how long none of its peers may answer
  /// @throws LocksUnavailable names them
  public static LockService connect(LockTerms terms, Duration patience)
      throws LocksUnavailable, InterruptedException {
    return connect(terms, patience, System::nanoTime);
  }

  /// @param nanos a clock that goes on while the process is stopped
  static LockService connect(LockTerms terms, Duration patience, LongSupplier nanos)
      throws LocksUnavailable, InterruptedException {
    var service = new LockService(LockTree.connect(terms, patience), nanos);
    boolean read = false;
    try {
      read = service.watched.start(patience);
    } finally {
      if (!read) {
        service.close();
      }
    }
    if (!read) {
      throw new LocksUnavailable(
          "the lock service at " + terms.written() + " does not say who lives");
    }
    service.rounds.start();
    return service;
  }

  /// Takes the lock on this node's own journal, and waits for it: until a node that takes the
  /// journal over is done, or the session of a process that has ended is over, or the lock service
  /// answers again.
  ///
  /// @param name of this node
  /// @param address where the other nodes reach it
  /// @param mark of this process, see {@link Mark}
  /// @return the note about this node's journal, if another has taken it over; see {@link #forget}
  /// @throws NameInUse if another node lives by this name
  public Optional<Taken> join(String name, String address, Mark mark, JournalListener listener)
      throws NameInUse, LocksUnavailable, InterruptedException {
    if (own.isPresent()) {
      throw new IllegalStateException("joined already");
    }
    var us = new Holder(name, address, mark);
    var journal =
        new OwnJournal(tree, new JournalLock(tree, versions, name, us, nanos), us, listener);
    journal.join(pause(), tree.sessionTime());
    Optional<Taken> taken = taken(name);
    journal.begin();
    own = Optional.of(journal);
    return taken;
  }

  /// Whether this node holds the lock on its own journal now, by the clock: nobody else can hold it
  /// at this moment.
  public boolean holds() {
    return own.isPresent() && own.get().holds();
  }

  /// Whether what is known of the others is old: this node has joined and is without its lock.
  public boolean isStale() {
    return own.isPresent() && !own.get().holds();
  }

  /// Says something about this node to the others, from when on it has joined and whenever it has
  /// regained its lock.
  public void publish(Member member) throws LocksUnavailable, InterruptedException {
    OwnJournal journal =
        own.orElseThrow(
            () -> new IllegalStateException("a node says nothing before it has joined"));
    journal.say(member);
    if (holds()) {
      tree.patiently(
          session -> {
            journal.announce(session);
            return true;
          });
    }
  }

  /// The nodes that live, by name, as they were when they were last heard of.
  public List<Member> members() {
    return watched.members();
  }

  /// Has a listener told of each change in {@link #members}, on a thread that must not wait.
  public void onChange(Runnable listener) {
    watched.onMembers(listener);
  }

  public AgreedValues values() {
    return values;
  }

  /// Takes over the journal of a node that is gone; waits until that node cannot be at it any more.
  ///
  /// @return empty if the node lives, or another is at it, or all of it has been taken over
  public Optional<TakeOver> takeOver(String node) throws LocksUnavailable, InterruptedException {
    return takeOvers.begin(us(), node, _ -> false);
  }

  /// Likewise, also when another node has begun it and not come to the end.
  ///
  /// @param other that node
  public Optional<TakeOver> takeOverFrom(String node, String other)
      throws LocksUnavailable, InterruptedException {
    return takeOvers.begin(us(), node, taken -> !taken.complete() && taken.by().equals(other));
  }

  /// Likewise, also when others have before: the node was there since, and had more.
  public Optional<TakeOver> takeOverAgain(String node)
      throws LocksUnavailable, InterruptedException {
    return takeOvers.begin(us(), node, _ -> true);
  }

  /// The note about a node whose journal was taken over, or is being.
  public Optional<Taken> taken(String node) throws LocksUnavailable, InterruptedException {
    return tree.patiently(session -> TakingNotes.read(tree, session, node));
  }

  /// Removes the note about a node. That about this one it removes only while it has its own lock.
  ///
  /// @throws LocksUnavailable also if it has not
  public void forget(String node) throws LocksUnavailable, InterruptedException {
    Op removal = Op.delete(tree.path(Branch.TAKEN, node), -1);
    Optional<JournalLock> lock =
        own.map(OwnJournal::lock).filter(each -> each.journal().equals(node));
    boolean done =
        tree.patiently(
            session -> {
              if (LockTree.read(session, removal.getPath()).isEmpty()) {
                return true;
              }
              return lock.isPresent() ? lock.get().fenced(List.of(removal)) : all(session, removal);
            });
    if (!done) {
      throw new LocksUnavailable("the lock on the journal of " + node + " is lost");
    }
  }

  /// Gives back what is held, and goes.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    rounds.interrupt();
    try {
      if (rounds.isAlive()) {
        rounds.join();
      }
      takeOvers.end();
      if (own.isPresent()) {
        own.get().lock().release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watched.close();
      tree.close();
    }
  }

  private void go() {
    try {
      while (!closed) {
        long begun = System.nanoTime();
        round();
        long rest = pause().toNanos() - (System.nanoTime() - begun);
        if (rest > 0) {
          TimeUnit.NANOSECONDS.sleep(rest);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("no more rounds");
    }
  }

  private void round() throws InterruptedException {
    try {
      if (own.isPresent()) {
        own.get().round(nanos.getAsLong(), tree.sessionTime().toNanos());
      }
      takeOvers.round();
    } catch (RuntimeException e) {
      LOG.error("a round of the locks has failed: {}", e.toString(), e);
    }
  }

  private Holder us() {
    return own.map(OwnJournal::us)
        .orElseThrow(() -> new IllegalStateException("a node takes over once it has joined"));
  }

  private static boolean all(ZooKeeper session, Op op)
      throws KeeperException, InterruptedException {
    session.multi(List.of(op));
    return true;
  }

  private Duration pause() {
    return tree.sessionTime().dividedBy(ROUNDS);
  }
}
