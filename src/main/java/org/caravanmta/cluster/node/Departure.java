package org.caravanmta.cluster.node;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravanmta.cluster.lock.LockService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a node leaves what it does, when the operator wants it drained.
final class Departure {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

  /// How long load balancers may take to see at `/ready` that this node is drained.
  private static final Duration NOTICE = Duration.ofSeconds(4);

  /// Tells the others of it.
  interface Announcement {
    void publish() throws IOException, InterruptedException;
  }

  private final String node;
  private final LockService locks;
  private final Announcement announcement;
  private final AtomicBoolean begun = new AtomicBoolean();

  Departure(String node, LockService locks, Announcement announcement) {
    this.node = node;
    this.locks = locks;
    this.announcement = announcement;
  }

  boolean hasBegun() {
    return begun.get();
  }

  /// Begins it, once, if it is wanted.
  ///
  /// @param leave run when those who look at this node have had time to see it
  void look(Runnable leave) {
    if (Drains.isWanted(locks, node) && begun.compareAndSet(false, true)) {
      LOG.warn("cluster: {} is drained, as the operator wants", node);
      Thread.ofPlatform().name("cluster-drain").start(() -> leave(leave));
    }
  }

  private void leave(Runnable leave) {
    try {
      announce();
      // whoever comes meanwhile is taken as ever
      Thread.sleep(NOTICE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leave.run();
  }

  private void announce() throws InterruptedException {
    try {
      announcement.publish();
    } catch (IOException e) {
      LOG.warn("cluster: the others do not know yet that {} is drained: {}", node, e.getMessage());
    }
  }
}
