package org.caravanmta.delivery.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The tasks of a transport that talk to a server at a time (postfix `default_process_limit`), and
/// the pauses between them.
final class Workplaces {
  private final int total;
  private final Semaphore places;
  private final Duration longest;
  private final long pause;
  private final ReentrantLock pacing = new ReentrantLock(true);

  /// When the next may begin, as {@link System#nanoTime}.
  private volatile long next = System.nanoTime();

  /// @param pause how long after the beginning of one task the next may begin; zero for at once
  /// @param longest how long a task waits
  Workplaces(int places, Duration pause, Duration longest) {
    this.total = places;
    this.places = new Semaphore(places, true);
    this.longest = longest;
    this.pause = pause.toNanos();
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
    pacing.lockInterruptibly();
    try {
      long rest = next - System.nanoTime();
      if (rest > 0) {
        TimeUnit.NANOSECONDS.sleep(rest);
      }
      next = System.nanoTime() + pause;
    } finally {
      pacing.unlock();
    }
  }
}
