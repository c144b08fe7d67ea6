package org.caravanmta.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.caravanmta.message.Reason;

/// Keeps a slow or dead destination from holding up the others: of the tasks in flight, which all
/// destinations share, none can hold many for long (RFC 5321 §4.5.4.1).
///
/// * At most `concurrency` tasks for one next hop are at work; further ones wait for their turn, in
///   order.
/// * When {@value #FAILURES} attempts in a row have not reached a server, the destination is
///   suspended: its tasks are deferred at once, until `suspension` is over.
/// * A turn is waited for `patience` at most. Who waited in vain goes to the first lane, and so
///   does, for as long again, whoever comes when {@value #SHARE} times `concurrency` wait already.
///   A fast destination may thus fill the whole window, a slow one only once for a moment.
public final class Destinations {
  /// So often Postfix finds a destination dead, with its initial concurrency.
  static final int FAILURES = 4;

  static final int SHARE = 5;

  /// Above this, destinations that nobody uses are forgotten.
  private static final int MANY = 10_000;

  private final int concurrency;
  private final Duration suspension;
  private final Duration patience;
  private final InstantSource clock;
  private final ConcurrentMap<String, Destination> known = new ConcurrentHashMap<>();

  public Destinations(
      int concurrency, Duration suspension, Duration patience, InstantSource clock) {
    this.concurrency = concurrency;
    this.suspension = suspension;
    this.patience = patience;
    this.clock = clock;
  }

  sealed interface Admission {
    /// Closed when the attempt is over; until then others wait.
    record Turn(Destination destination) implements Admission, AutoCloseable {
      void reached() {
        destination.reached();
      }

      void failed(Reason reason) {
        destination.failed(reason);
      }

      @Override
      public void close() {
        destination.leave();
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
      known.keySet().forEach(name -> forget(name, Destination::idle));
    }
    return known
        .compute(key, (name, old) -> (old == null ? new Destination(name) : old).joined())
        .enter();
  }

  /// How many tasks wait for their turn there now.
  int waiting(String nextHop) {
    Destination destination = known.get(nextHop.toLowerCase(Locale.ROOT));
    return destination == null ? 0 : destination.turns.getQueueLength();
  }

  /// Ends every suspension: the operator wants mail tried now (postfix `qmgr(8)`, flush).
  public void revive() {
    known.values().forEach(Destination::revive);
  }

  /// Ends the suspension of one destination: it says that it is there again.
  public void revive(String name) {
    Destination destination = known.get(name);
    if (destination != null) {
      destination.revive();
    }
  }

  private void forget(String name, Predicate<Destination> which) {
    known.computeIfPresent(name, (key, it) -> which.test(it) ? null : it);
  }

  final class Destination {
    private final String name;
    private final Semaphore turns = new Semaphore(concurrency, true);
    private int tasks;
    private int failures;
    private Instant suspended = Instant.MIN;
    private Instant crowded = Instant.MIN;
    private String why = "";

    private Destination(String name) {
      this.name = name;
    }

    private synchronized Destination joined() {
      tasks++;
      return this;
    }

    private Admission enter() {
      Admission admission = new Admission.Crowded(tooMany());
      try {
        if (isSuspended()) {
          admission = suspension();
        } else if (!full() && take()) {
          // the destination may have died while we waited
          if (isSuspended()) {
            turns.release();
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
      boolean taken = turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!taken) {
        synchronized (this) {
          crowded = clock.instant().plus(patience);
        }
      }
      return taken;
    }

    private synchronized boolean full() {
      return clock.instant().isBefore(crowded) && turns.getQueueLength() >= SHARE * concurrency;
    }

    private synchronized boolean isSuspended() {
      return clock.instant().isBefore(suspended);
    }

    private synchronized Admission suspension() {
      return new Admission.Suspended(Reason.of("4.4.1", "delivery temporarily suspended: " + why));
    }

    private Reason tooMany() {
      return Reason.of(
          "4.4.5", "delivery temporarily suspended: too many messages wait for " + name);
    }

    private synchronized void reached() {
      failures = 0;
    }

    private synchronized void failed(Reason reason) {
      failures++;
      if (failures >= FAILURES) {
        failures = 0;
        suspended = clock.instant().plus(suspension);
        why = reason.text();
      }
    }

    private synchronized void revive() {
      suspended = Instant.MIN;
      crowded = Instant.MIN;
    }

    private void leave() {
      turns.release();
      left();
    }

    private void left() {
      synchronized (this) {
        tasks--;
      }
      forget(name, Destination::inGoodOrder);
    }

    private synchronized boolean inGoodOrder() {
      return failures == 0 && idle();
    }

    private synchronized boolean idle() {
      return tasks == 0
          && !clock.instant().isBefore(suspended)
          && !clock.instant().isBefore(crowded);
    }
  }
}
