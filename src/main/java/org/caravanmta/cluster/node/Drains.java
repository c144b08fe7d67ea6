package org.caravanmta.cluster.node;

import java.time.Duration;
import java.util.Optional;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The operator's wish that a node takes part in nothing, which stays until it is taken back.
public final class Drains {
  private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
  private static final Duration GLANCE = Duration.ofMillis(200);

  private Drains() {}

  /// Whether it is wanted, as far as was heard.
  public static boolean isWanted(LockService locks, String node) {
    return locks.values().all().containsKey(Keys.drained(node));
  }

  /// Waits until it is not wanted any more.
  public static void await(LockService locks, String node) throws InterruptedException {
    LOG.warn("cluster: {} is drained: it waits for caravan node resume {}", node, node);
    while (isWanted(locks, node)) {
      Thread.sleep(GLANCE);
    }
    LOG.info("cluster: {} takes part again", node);
  }

  /// Wants it, or no longer.
  static void want(LockService locks, String node, Optional<String> who)
      throws LocksUnavailable, InterruptedException {
    if (who.isPresent()) {
      locks.values().set(Keys.drained(node), who.get());
    } else {
      locks.values().remove(Keys.drained(node));
    }
  }
}
