package org.caravanmta.cluster.share;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.caravanmta.share.Portion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one owner for our parts of its limits, as long as we want any, and lets it hear of us while
/// we do not.
final class Asker implements AutoCloseable {
  /// How long an owner may not answer before its limits are divided evenly, in nanoseconds.
  static final long SILENCE = 2_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(Asker.class);

  /// How often it is asked while something is wanted, and while nothing is, in milliseconds.
  private static final long SOON = 200;

  private static final long LATER = 500;

  /// Asks for parts.
  interface Asking {
    /// @return a part for each
    List<Portion> ask(List<Report> reports) throws IOException;

    /// Nothing more is asked.
    default void end() {}
  }

  private final String node;
  private final String owner;
  private final Asking asking;
  private final Supplier<? extends Collection<String>> nodes;

  /// By their keys: one that is left may be joined again at once.
  private final Map<String, OwnShare> wanted = new ConcurrentHashMap<>();

  private final Semaphore hurry = new Semaphore(0);
  private final Thread thread;
  private volatile long heard = System.nanoTime();
  private volatile boolean told;

  /// @param nodes those that live
  Asker(String node, String owner, Asking asking, Supplier<? extends Collection<String>> nodes) {
    this.node = node;
    this.owner = owner;
    this.asking = asking;
    this.nodes = nodes;
    this.thread = Thread.ofVirtual().name("cluster-shares-" + owner).start(this::run);
  }

  /// Has one asked for, soon.
  void add(OwnShare share) {
    wanted.put(share.key(), share);
    if (isSilent()) {
      share.unanswered(nodes.get(), node);
    }
    hurry.release();
  }

  /// Forgets what was to be asked for.
  void clear() {
    wanted.clear();
  }

  private boolean isSilent() {
    return System.nanoTime() - heard > SILENCE;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (hurry.tryAcquire(wanted.isEmpty() ? LATER : SOON, TimeUnit.MILLISECONDS)) {
          hurry.drainPermits();
        }
        askOnce();
      }
    } catch (InterruptedException e) {
      // it ends
    } finally {
      asking.end();
    }
  }

  private void askOnce() throws InterruptedException {
    try {
      ask();
    } catch (RuntimeException e) {
      LOG.error("cluster: what is ours of the limits of destinations is not asked for now", e);
      Thread.sleep(SOON);
    }
  }

  private void ask() throws InterruptedException {
    List<OwnShare> mine = List.copyOf(wanted.values());
    int count = nodes.get().size();
    List<Report> reports = mine.stream().map(share -> share.report(count)).toList();
    try {
      List<Portion> parts = asking.ask(reports);
      heard = System.nanoTime();
      if (told) {
        told = false;
        LOG.info("cluster: {} says again what is ours of the limits of destinations", owner);
      }
      for (int i = 0; i < mine.size(); i++) {
        OwnShare share = mine.get(i);
        if (share.owner().equals(owner) && !share.answered(reports.get(i), parts.get(i))) {
          wanted.remove(share.key(), share);
        }
      }
    } catch (IOException e) {
      silent(mine, e);
      Thread.sleep(SOON);
    }
  }

  private void silent(List<OwnShare> mine, IOException why) {
    if (!isSilent()) {
      return;
    }
    if (!told) {
      told = true;
      LOG.warn(
          "cluster: {} does not say what is ours of the limits of destinations; each node has an"
              + " even part of those that it owns: {}",
          owner,
          why.getMessage());
    }
    mine.forEach(share -> share.unanswered(nodes.get(), node));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
