package org.caravanmta.cluster.node;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.lock.TakeOver;
import org.caravanmta.queue.copies.Adoption;
import org.caravanmta.queue.copies.CopyKeeper;
import org.caravanmta.queue.copies.Kept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees which nodes are gone, and takes over the mail of those whose copies are here.
final class Successions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Successions.class);

  /// How often it is looked at least.
  private static final Duration GLANCE = Duration.ofSeconds(1);

  private final String node;
  private final String journal;
  private final LockService locks;
  private final CopyKeeper keeper;
  private final Supplier<Adoption> adoption;
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  Successions(
      String node,
      String journal,
      LockService locks,
      CopyKeeper keeper,
      Supplier<Adoption> adoption) {
    this.node = node;
    this.journal = journal;
    this.locks = locks;
    this.keeper = keeper;
    this.adoption = adoption;
    this.thread = Thread.ofPlatform().daemon().name("cluster-take-over").unstarted(this::run);
  }

  void start() {
    locks.onChange(changes::release);
    locks.values().onChange(changes::release);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    changes.release();
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        for (Kept kept : keeper.kept()) {
          if (!closed && locks.holds()) {
            see(kept);
          }
        }
      } catch (LocksUnavailable | IOException e) {
        LOG.warn("cluster: nothing is taken over now: {}", e.getMessage());
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("cluster: nothing is taken over now", e);
      }
      pause();
    }
  }

  private void pause() {
    try {
      if (changes.tryAcquire(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        changes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void see(Kept kept) throws LocksUnavailable, IOException, InterruptedException {
    Optional<Place> place = place(kept);
    if (place.filter(this::isElsewhere).isPresent()) {
      if (keeper.forget(kept, () -> freshPlace(kept).filter(this::isElsewhere).isPresent())) {
        LOG.info("cluster: copies of {}'s mail are removed: others keep them", kept.node());
      }
    } else if (place.isPresent() && place.get().keeper().equals(node)) {
      if (!isLiving(kept.node())) {
        takeOver(kept);
      } else if (isGoneForGood(kept)) {
        // that journal is nobody's any more, and its node lives with another
        adopt(kept);
      }
    }
  }

  /// Whether another node has copies of all of it.
  private boolean isElsewhere(Place place) {
    return place.complete() && !place.keeper().equals(node);
  }

  private Optional<Place> freshPlace(Kept kept) throws IOException, InterruptedException {
    try {
      return locks.values().get(Place.key(kept.node(), kept.source())).flatMap(Place::read);
    } catch (LocksUnavailable e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Optional<Place> place(Kept kept) {
    return Optional.ofNullable(locks.values().all().get(Place.key(kept.node(), kept.source())))
        .flatMap(Place::read);
  }

  private boolean isLiving(String name) {
    return locks.members().stream().map(Member::name).anyMatch(name::equals);
  }

  private boolean isGoneForGood(Kept kept) throws LocksUnavailable, InterruptedException {
    return locks
        .values()
        .get(Keys.journal(kept.node()))
        .filter(now -> !now.equals(kept.source()))
        .isPresent();
  }

  private void takeOver(Kept kept) throws LocksUnavailable, IOException, InterruptedException {
    Optional<TakeOver> begun = locks.takeOverAgain(kept.node());
    if (begun.isEmpty()) {
      return;
    }
    try (TakeOver takeOver = begun.get()) {
      // it may have found another keeper before it went
      boolean ours = freshPlace(kept).filter(place -> place.keeper().equals(node)).isPresent();
      if (ours) {
        LOG.warn("cluster: {} is gone; its mail is taken over here", kept.node());
        Takers.add(locks, kept.node(), node, journal);
        long before = locks.values().get(Keys.taken(kept.node())).map(Long::parseLong).orElse(0L);
        long count = adopt(kept);
        locks.values().set(Keys.taken(kept.node()), Long.toString(before + count));
        takeOver.complete();
      }
    }
  }

  private long adopt(Kept kept) throws LocksUnavailable, IOException, InterruptedException {
    long count = adoption.get().takeOver(keeper, kept);
    locks.values().remove(Place.key(kept.node(), kept.source()));
    LOG.warn("cluster: {} messages of {} are on the queues of this node", count, kept.node());
    return count;
  }
}
