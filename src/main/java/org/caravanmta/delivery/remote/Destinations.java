package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.caravanmta.message.Reason;

/// Keeps a slow or dead destination from holding up the others: of the tasks in flight, which all
/// destinations share, none can hold many for long (RFC 5321 §4.5.4.1).
///
/// * At most `concurrency` tasks for one next hop are at work; further ones wait for their turn, in
///   order.
/// * When {@value #FAILURES} attempts in a row have not reached a server, the destination is
///   suspended: its tasks are deferred at once, until `suspension` is over.
/// * A burst waits as long as the destination leaves {@link Load#room} to others. A task that finds
///   none waits a moment, so that a fast destination may fill the whole window; one that waits in
///   vain is deferred for a while, and again for as long when it finds no room then.
public final class Destinations {
  /// After this many failures Postfix, with its initial concurrency, declares a destination dead.
  static final int FAILURES = 4;

  /// Above this number, destinations that nobody uses are forgotten.
  private static final int MANY = 10_000;

  private final Load load;
  private final RemoteSettings own;
  private final InstantSource clock;
  private final Semaphore work;
  private final AtomicInteger parked = new AtomicInteger();
  private final ConcurrentMap<String, Traffic> known = new ConcurrentHashMap<>();

  public Destinations(RemoteSettings own, Load load, InstantSource clock) {
    this.own = own;
    this.load = load;
    this.clock = clock;
    this.work = new Semaphore(load.total(), true);
  }

  /// Tasks at work for one destination: one, if it is left alone after each.
  private int concurrency() {
    return own.outgoing().rateDelay().isPositive() ? 1 : own.concurrency();
  }

  sealed interface Admission {
    /// Closed when the attempt is over; until then others wait.
    record Turn(Traffic traffic) implements Admission, AutoCloseable {
      void reached() {
        traffic.reached();
      }

      void failed(Reason reason) {
        traffic.failed(reason);
      }

      @Override
      public void close() {
        traffic.leave();
      }
    }

    /// @param reason why not now
    record Suspended(Reason reason) implements Admission {}

    /// @param reason why not now
    record Crowded(Reason reason) implements Admission {}
  }

  /// Waits for a turn at the destination.
  Admission enter(String nextHop) {
    String key = nextHop.toLowerCase(Locale.ROOT);
    if (known.size() > MANY) {
      known.keySet().forEach(name -> forget(name, Traffic::idle));
    }
    return known
        .compute(key, (name, old) -> (old == null ? new Traffic(name) : old).joined())
        .enter();
  }

  /// How many tasks wait for their turn there now.
  int waiting(String nextHop) {
    Traffic traffic = known.get(nextHop.toLowerCase(Locale.ROOT));
    return traffic == null ? 0 : traffic.turns.getQueueLength();
  }

  /// Ends every suspension: the operator wants mail tried now (postfix `qmgr(8)`, flush).
  public void revive() {
    known.values().forEach(Traffic::revive);
  }

  /// Ends the suspension of one destination: it says that it is back.
  public void revive(String name) {
    Traffic traffic = known.get(name);
    if (traffic != null) {
      traffic.revive();
    }
  }

  private void forget(String name, Predicate<Traffic> which) {
    known.computeIfPresent(name, (key, it) -> which.test(it) ? null : it);
  }

  /// The tasks for one destination, and how it fares with them.
  final class Traffic {
    private final String name;
    private final Semaphore turns = new Semaphore(concurrency(), true);
    private final AtomicInteger here = new AtomicInteger();
    private int tasks;
    private volatile long rested = System.nanoTime();
    private int failures;
    private Instant suspended = Instant.MIN;
    private Instant crowded = Instant.MIN;
    private String why = "";

    private Traffic(String name) {
      this.name = name;
    }

    private synchronized Traffic joined() {
      tasks++;
      return this;
    }

    private Admission enter() {
      Admission admission = new Admission.Crowded(tooMany());
      try {
        if (isSuspended()) {
          admission = suspension();
        } else if (take()) {
          // the destination may have died while we waited
          if (isSuspended()) {
            release();
            admission = suspension();
          } else {
            admission = new Admission.Turn(this);
          }
        }
        return admission;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return admission;
      } finally {
        if (!(admission instanceof Admission.Turn)) {
          left();
        }
      }
    }

    private boolean take() throws InterruptedException {
      if (!turn()) {
        return false;
      }
      boolean taken = false;
      try {
        long rest = rested - System.nanoTime();
        if (rest > 0) {
          TimeUnit.NANOSECONDS.sleep(rest);
        }
        taken = acquire(work, load.longest());
        return taken;
      } finally {
        if (!taken) {
          turns.release();
        }
      }
    }

    private boolean turn() throws InterruptedException {
      if (acquire(turns, Duration.ZERO)) {
        return true;
      }
      if (park()) {
        try {
          return acquire(turns, load.longest());
        } finally {
          here.decrementAndGet();
          parked.decrementAndGet();
        }
      }
      if (isCrowded()) {
        return false;
      }
      boolean taken = acquire(turns, load.patience());
      if (!taken) {
        crowd();
      }
      return taken;
    }

    /// Takes a place in the waiting room, if enough are left for others.
    private boolean park() {
      synchronized (parked) {
        boolean alone = load.alone() && known.size() == 1;
        if (here.get() >= load.room() - parked.get() && !alone) {
          return false;
        }
        here.incrementAndGet();
        parked.incrementAndGet();
        return true;
      }
    }

    private static boolean acquire(Semaphore places, Duration patience)
        throws InterruptedException {
      return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void release() {
      work.release();
      turns.release();
    }

    private synchronized boolean isCrowded() {
      return clock.instant().isBefore(crowded);
    }

    private synchronized void crowd() {
      crowded = clock.instant().plus(load.patience());
    }

    private synchronized boolean isSuspended() {
      return clock.instant().isBefore(suspended);
    }

    private synchronized Admission suspension() {
      return new Admission.Suspended(Reason.of("4.4.1", "delivery temporarily suspended: " + why));
    }

    private Reason tooMany() {
      return Reason.of("4.4.5", "too many messages wait for " + name);
    }

    private synchronized void reached() {
      failures = 0;
    }

    private synchronized void failed(Reason reason) {
      failures++;
      if (failures >= FAILURES) {
        failures = 0;
        suspended = clock.instant().plus(own.suspension());
        why = reason.text();
      }
    }

    private synchronized void revive() {
      suspended = Instant.MIN;
      crowded = Instant.MIN;
    }

    private void leave() {
      rested = System.nanoTime() + own.outgoing().rateDelay().toNanos();
      release();
      left();
    }

    private void left() {
      synchronized (this) {
        tasks--;
      }
      forget(name, Traffic::inGoodOrder);
    }

    private synchronized boolean inGoodOrder() {
      return failures == 0 && idle();
    }

    private synchronized boolean idle() {
      return tasks == 0
          && rested <= System.nanoTime()
          && !clock.instant().isBefore(suspended)
          && !clock.instant().isBefore(crowded);
    }
  }
}
