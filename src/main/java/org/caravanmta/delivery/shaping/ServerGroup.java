package org.caravanmta.delivery.shaping;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The servers of one rule, with the connections that all destinations and transports of this node
/// have with them, and when the next message may begin there.
///
/// A task takes its place before it connects, and gives it back when it is over. It may have booked
/// one before it began, so that what would find no place stays in its queue.
public final class ServerGroup {
  /// How long before its beginning a message may have a place, in nanoseconds.
  private static final long AHEAD = 1_000_000_000L;

  private final ShapingRule rule;
  private final Collection<IdleConnections> idle;
  private final Duration patience;
  private final LongSupplier nanos;

  // guarded by this, as what follows
  private final int most;
  private final long interval;
  private int used;
  private int booked;
  private long next;

  /// @param idle what keeps connections open
  /// @param patience how long a task without a booking waits for a place
  /// @param nanos the time, as {@link System#nanoTime}
  ServerGroup(
      ShapingRule rule, Collection<IdleConnections> idle, Duration patience, LongSupplier nanos) {
    this.rule = rule;
    this.idle = idle;
    this.patience = patience;
    this.nanos = nanos;
    this.most = rule.given().connections().orElse(Integer.MAX_VALUE);
    this.interval = rule.given().rate().map(rate -> rate.interval().toNanos()).orElse(0L);
    this.next = nanos.getAsLong();
  }

  /// The place of a task, which may talk to one server after the other of the group.
  public final class Place implements AutoCloseable {
    private Place() {}

    /// Waits until a message may begin at another server of the group.
    ///
    /// @return whether one may within a moment
    public boolean again() throws InterruptedException {
      long rest;
      synchronized (ServerGroup.this) {
        if (!isSoon()) {
          return false;
        }
        rest = begin();
      }
      TimeUnit.NANOSECONDS.sleep(rest);
      return true;
    }

    @Override
    public void close() {
      give();
    }
  }

  /// Which servers they are.
  public ShapingRule rule() {
    return rule;
  }

  /// Books a place, if there is one.
  public synchronized boolean book() {
    if (!hasRoom()) {
      return false;
    }
    booked++;
    return true;
  }

  /// Gives a booking back that was not used.
  public synchronized void unbook() {
    booked--;
    notifyAll();
  }

  /// Takes a place, and waits until the message may begin.
  ///
  /// @param bookedBefore whether one was booked
  /// @return empty if there is none within a moment
  public Optional<Place> enter(boolean bookedBefore) throws InterruptedException {
    long rest;
    synchronized (this) {
      if (bookedBefore) {
        booked--;
      } else if (!awaitRoom()) {
        return Optional.empty();
      }
      used++;
      rest = begin();
    }
    try {
      TimeUnit.NANOSECONDS.sleep(rest);
    } catch (InterruptedException e) {
      give();
      throw e;
    }
    return Optional.of(new Place());
  }

  private synchronized boolean awaitRoom() throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (!hasRoom()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private synchronized void give() {
    used--;
    notifyAll();
  }

  /// Whether a task would find a place now.
  public synchronized boolean hasRoom() {
    return used + booked < most && isSoon();
  }

  private synchronized boolean isSoon() {
    return Math.max(0, next - nanos.getAsLong()) + booked * interval <= AHEAD;
  }

  /// Takes the next time at which a message may begin.
  ///
  /// @return how long that is from now, in nanoseconds
  private synchronized long begin() {
    long now = nanos.getAsLong();
    long at = next - now > 0 ? next : now;
    next = at + interval;
    return at - now;
  }

  /// Closes connections that are kept open for nobody, where with one more there would be more of
  /// them than may be.
  public void makeRoom() {
    if (most == Integer.MAX_VALUE) {
      return;
    }
    int left;
    synchronized (this) {
      left = most - used;
    }
    for (IdleConnections each : idle) {
      left -= each.trim(rule, Math.max(left, 0));
    }
  }

  /// How many tasks have a place now.
  public synchronized int used() {
    return used;
  }

  /// Why a task finds no place: `4 of 4 connections with mx:*.example.net in use`.
  public synchronized String trouble() {
    return used + booked >= most
        ? used + " of " + most + " connections with " + rule.key() + " in use"
        : "no more than "
            + rule.given().rate().map(Rate::toString).orElse("")
            + " with "
            + rule.key();
  }
}
