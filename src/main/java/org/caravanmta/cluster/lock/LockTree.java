package org.caravanmta.cluster.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tree of a cluster in the lock service, below `/caravan/NAME`, and the session in which it is
/// asked. Curator begins another session when one has ended; no question is asked again by itself,
/// since whoever asks has to know in which session, and when.
final class LockTree implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LockTree.class);

  private static final String ALL = "/caravan";

  /// What a session does not outlive is asked again for so many of them.
  private static final int PATIENCE_SESSIONS = 2;

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration WATCH_PAUSE = Duration.ofMillis(200);

  /// What is there.
  record Found(byte[] bytes, Stat stat) {}

  /// A question to the lock service.
  @FunctionalInterface
  interface Asking<T> {
    T ask(ZooKeeper session) throws KeeperException, InterruptedException;
  }

  private final LockTerms terms;
  private final CuratorFramework curator;
  private final String root;
  private final Access access;
  private volatile Duration sessionTime;
  private Optional<Thread> closing = Optional.empty();

  private LockTree(LockTerms terms) {
    this.terms = terms;
    this.root = ALL + "/" + terms.cluster();
    this.access = new Access(terms, ALL, root);
    this.sessionTime = terms.session();
    int session = (int) terms.session().toMillis();
    var config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
    this.curator =
        CuratorFrameworkFactory.builder()
            .connectString(terms.written())
            .authorization(Access.SCHEME, access.login())
            .sessionTimeoutMs(session)
            .connectionTimeoutMs(session / 4)
            // what is watched is read until it was; we ask in a session and know what came of it
            .retryPolicy(new RetryForever((int) WATCH_PAUSE.toMillis()))
            // the operator has said where the peers are reached
            .ensembleTracker(false)
            .zkClientConfig(config)
            .build();
  }

  /// @param patience how long no peer may answer
  static LockTree connect(LockTerms terms, Duration patience)
      throws LocksUnavailable, InterruptedException {
    var tree = new LockTree(terms);
    tree.curator.start();
    try {
      if (!tree.curator.blockUntilConnected((int) patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LocksUnavailable(
            "the lock service cannot be reached: none of "
                + terms.written()
                + " has answered within "
                + patience.toSeconds()
                + " s");
      }
      tree.plant();
      tree.close(tree.patiently(tree.access::close));
      return tree;
    } catch (LocksUnavailable | InterruptedException e) {
      tree.close();
      throw e;
    }
  }

  /// Closes what old nodes have left open when it may be closed.
  private void close(boolean done) {
    if (!done) {
      closing = Optional.of(Thread.ofVirtual().name("cluster-access").start(this::keepClosing));
    }
  }

  private void keepClosing() {
    boolean done = false;
    while (!done) {
      try {
        Thread.sleep(sessionTime);
        done = access.close(session());
      } catch (KeeperException e) {
        LOG.debug("not closed yet: {}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    closing.ifPresent(Thread::interrupt);
    curator.close();
  }

  CuratorFramework curator() {
    return curator;
  }

  String root() {
    return root;
  }

  String path(Branch branch, String name) {
    return root + "/" + branch.word + "/" + name;
  }

  /// How long the lock service lets a session last; it may be another time than that of the
  /// settings.
  Duration sessionTime() {
    return sessionTime;
  }

  /// The session of this moment.
  ///
  /// @throws KeeperException.ConnectionLossException if there is none
  ZooKeeper session() throws KeeperException, InterruptedException {
    try {
      ZooKeeper session = curator.getZookeeperClient().getZooKeeper();
      int millis = session.getSessionTimeout();
      if (millis > 0) {
        sessionTime = Duration.ofMillis(millis);
      }
      return session;
    } catch (KeeperException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      var lost = new KeeperException.ConnectionLossException();
      lost.initCause(e);
      throw lost;
    }
  }

  /// Asks again while the connection fails.
  <T> T patiently(Asking<T> asking) throws LocksUnavailable, InterruptedException {
    long end = System.nanoTime() + PATIENCE_SESSIONS * sessionTime.toNanos();
    while (true) {
      try {
        return asking.ask(session());
      } catch (KeeperException e) {
        if (e.code() == KeeperException.Code.NOAUTH) {
          throw new LocksUnavailable(
              "the lock service at "
                  + terms.written()
                  + " refuses: cluster.secret is not that of the nodes that made cluster "
                  + terms.cluster()
                  + " there",
              e);
        }
        if (!isPassing(e)) {
          throw new LocksUnavailable(
              "the lock service at " + terms.written() + " refuses: " + e.getMessage(), e);
        }
        if (System.nanoTime() - end > 0) {
          throw new LocksUnavailable(
              "the lock service at " + terms.written() + " does not answer: " + e.getMessage(), e);
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  /// Whether a failure says nothing but that there was no answer in this session.
  static boolean isPassing(KeeperException e) {
    return switch (e.code()) {
      case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT -> true;
      default -> false;
    };
  }

  /// What is there now, also on a follower that had fallen behind.
  static Optional<Found> read(ZooKeeper session, String path)
      throws KeeperException, InterruptedException {
    session.sync(path);
    try {
      var stat = new Stat();
      byte[] bytes = session.getData(path, false, stat);
      return Optional.of(new Found(bytes == null ? new byte[0] : bytes, stat));
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    }
  }

  /// Makes what stays.
  ///
  /// @return whether it was not there
  boolean make(ZooKeeper session, String path, byte[] bytes)
      throws KeeperException, InterruptedException {
    for (int tries = 0; true; tries++) {
      try {
        session.create(path, bytes, access.inTree(), CreateMode.PERSISTENT);
        return true;
      } catch (KeeperException.NodeExistsException e) {
        return false;
      } catch (KeeperException.NoNodeException e) {
        // the lock service has lost its data
        if (tries > 0) {
          throw e;
        }
        plant(session);
      }
    }
  }

  /// What goes with the session that makes it.
  Op ephemeral(String path, byte[] bytes) {
    return Op.create(path, bytes, access.inTree(), CreateMode.EPHEMERAL);
  }

  /// What stays.
  Op lasting(String path, byte[] bytes) {
    return Op.create(path, bytes, access.inTree(), CreateMode.PERSISTENT);
  }

  private void plant() throws LocksUnavailable, InterruptedException {
    patiently(
        session -> {
          plant(session);
          return true;
        });
  }

  private void plant(ZooKeeper session) throws KeeperException, InterruptedException {
    plant(session, ALL, access.above());
    plant(session, root, access.ofRoot());
    for (Branch branch : Branch.values()) {
      plant(session, root + "/" + branch.word, access.ofRoot());
    }
  }

  private static void plant(ZooKeeper session, String path, List<ACL> acl)
      throws KeeperException, InterruptedException {
    try {
      session.create(path, new byte[0], acl, CreateMode.PERSISTENT);
    } catch (KeeperException.NodeExistsException e) {
      // another node was first
    }
  }
}
