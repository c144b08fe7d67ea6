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

/// The scheduler of one transport's deliveries (RFC 5321 §4.5.4.1; postfix `qmgr(8)`): all next
/// hops share a limited number of tasks in flight, and a slow or dead destination must not hold up
/// the others.
///
/// * At most {@link RemoteSettings#concurrency} tasks for one next hop are at work at a time; the
///   others wait for their turn, in order.
/// * After {@value #FAILURES} attempts in a row that have not reached a server the destination is
///   suspended: for the time of the suspension its tasks are deferred at once.
/// * Tasks of a burst wait as long as their destination leaves some of {@link Load#room} to others.
///   A task for which there is no room waits a moment, {@link Load#patience}, so that a fast
///   destination can use the whole window. If that was in vain, the task is turned away, and for
///   the time of {@link Load#patience} so is every other one that finds no room.
public final class Destinations {
  /// The failures in a row after which a destination counts as dead, as in Postfix with its usual
  /// concurrency (`SCHEDULER_README`).
  static final int FAILURES = 4;

  /// The number of destinations above which those not in use are forgotten.
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

  /// The most tasks at work for one destination at a time: one, if it is left alone after each.
  private int concurrency() {
    return own.outgoing().rateDelay().isPositive() ? 1 : own.concurrency();
  }

  /// The answer to a task that wants to be tried.
  sealed interface Admission {
    /// The task may be tried now. It must be closed when the attempt is over, for the next task.
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

    /// The destination is suspended.
    ///
    /// @param reason why the task is deferred
    record Suspended(Reason reason) implements Admission {}

    /// Too many tasks wait for the destination.
    ///
    /// @param reason why the task is turned away
    record Crowded(Reason reason) implements Admission {}
  }

  /// Waits for a turn at a destination, unless it is suspended or too many wait for it.
  Admission enter(String nextHop) {
    String key = nextHop.toLowerCase(Locale.ROOT);
    if (known.size() > MANY) {
      known.keySet().forEach(name -> forget(name, Traffic::idle));
    }
    return known
        .compute(key, (name, old) -> (old == null ? new Traffic(name) : old).joined())
        .enter();
  }

  /// How many tasks wait for their turn at a destination now.
  int waiting(String nextHop) {
    Traffic traffic = known.get(nextHop.toLowerCase(Locale.ROOT));
    return traffic == null ? 0 : traffic.turns.getQueueLength();
  }

  /// Ends all suspensions, because the operator wants mail to be tried now (postfix `qmgr(8)`,
  /// flush).
  public void revive() {
    known.values().forEach(Traffic::revive);
  }

  /// Ends the suspension of one destination, which has said by ETRN that it is back (RFC 1985).
  public void revive(String name) {
    Traffic traffic = known.get(name);
    if (traffic != null) {
      traffic.revive();
    }
  }

  private void forget(String name, Predicate<Traffic> which) {
    known.computeIfPresent(name, (key, it) -> which.test(it) ? null : it);
  }

  /// The tasks for one destination, those that wait and those at work, and how it has dealt with
  /// earlier ones.
  final class Traffic {
    private final String name;
    private final Semaphore turns = new Semaphore(concurrency(), true);
    // tasks of this destination in the waiting room
    private final AtomicInteger here = new AtomicInteger();
    // all tasks of this destination
    private int tasks;
    // until when it is left alone after its last task, as System.nanoTime has it
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
          // it may have been suspended while this task waited
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
