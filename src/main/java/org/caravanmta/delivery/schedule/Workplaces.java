package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Demand;
import org.caravanmta.share.Portion;
import org.caravanmta.share.Share;
import org.caravanmta.share.Sharer;
import org.caravanmta.share.Shares;

/// The tasks of a transport that talk to a server at a time (postfix `default_process_limit`), and
/// the pauses between them.
final class Workplaces implements Sharer {
  /// How often a part of the pauses is asked for that there is not yet, in milliseconds.
  private static final long WANTING = 100;

  private final int total;
  private final Semaphore places;
  private final Duration longest;
  private final long pause;
  private final ReentrantLock pacing = new ReentrantLock(true);

  /// When the next may begin, as {@link System#nanoTime}.
  private volatile long next = System.nanoTime();

  private volatile Portion part = new Portion(1, 1, Duration.ZERO, true);
  private volatile Optional<Share> share = Optional.empty();
  private final AtomicInteger pacers = new AtomicInteger();
  private final Object granting = new Object();

  /// @param pause how long after the beginning of one task the next may begin; zero for at once
  /// @param longest how long a task waits
  Workplaces(int places, Duration pause, Duration longest) {
    this.total = places;
    this.places = new Semaphore(places, true);
    this.longest = longest;
    this.pause = pause.toNanos();
  }

  /// Has the pauses in common with other nodes.
  ///
  /// @param transport whose they are
  void share(Shares shares, String transport) {
    if (pause > 0) {
      Share joined =
          shares.join(transport + " pauses", new CommonLimit(Integer.MAX_VALUE, true), this);
      share = Optional.of(joined);
      granted(joined.part());
    }
  }

  @Override
  public Demand demand() {
    int here = pacers.get();
    return Demand.of(here, here, 0, here, Duration.ofNanos(Math.max(0, next - System.nanoTime())));
  }

  @Override
  public void granted(Portion changed) {
    synchronized (granting) {
      long after = System.nanoTime() + changed.rest().toNanos();
      // who had no part has nobody who is about to begin
      if (changed.rest().isPositive() && after - next > 0) {
        next = after;
      }
      part = changed;
      granting.notifyAll();
    }
  }

  Duration longest() {
    return longest;
  }

  /// Waits for a place.
  ///
  /// @return empty if there was none in time
  Optional<Admission.Seat> take() throws InterruptedException {
    if (!places.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    try {
      pace();
      return Optional.of(places::release);
    } catch (InterruptedException e) {
      places.release();
      throw e;
    }
  }

  /// What keeps a task of any destination from beginning now.
  List<Restraint> restraints(String transport) {
    var found = new ArrayList<Restraint>();
    if (places.availablePermits() == 0) {
      found.add(new Restraint.Workplaces(transport, total));
    }
    if (pause > 0 && next - System.nanoTime() > 0) {
      found.add(new Restraint.TransportRateDelay(Duration.ofNanos(pause)));
    }
    return found;
  }

  private void pace() throws InterruptedException {
    if (pause == 0) {
      return;
    }
    pacers.incrementAndGet();
    try {
      paceAlone();
    } finally {
      pacers.decrementAndGet();
    }
  }

  private void paceAlone() throws InterruptedException {
    pacing.lockInterruptibly();
    try {
      awaitPart();
      long rest = next - System.nanoTime();
      if (rest > 0) {
        TimeUnit.NANOSECONDS.sleep(rest);
      }
      next = System.nanoTime() + pause * part.sharers();
    } finally {
      pacing.unlock();
    }
  }

  private void awaitPart() throws InterruptedException {
    synchronized (granting) {
      while (part.places() == 0) {
        share.ifPresent(Share::want);
        TimeUnit.MILLISECONDS.timedWait(granting, WANTING);
      }
    }
  }
}
