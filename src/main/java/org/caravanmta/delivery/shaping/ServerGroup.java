package org.caravanmta.delivery.shaping;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Demand;
import org.caravanmta.share.Portion;
import org.caravanmta.share.Share;
import org.caravanmta.share.Sharer;
import org.caravanmta.share.Shares;

/// The servers of one rule, with the connections that all destinations and transports of this node
/// have with them, of those that all nodes may have together, and when the next message may begin
/// there.
///
/// A task takes its place before it connects, and gives it back when it is over. It may have booked
/// one before it began, so that what would find no place stays in its queue.
public final class ServerGroup implements Sharer {
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
  private Portion part;

  /// When a task found no place, as {@link System#nanoTime}; 0: never.
  private long refused;

  private final Share share;

  /// @param shares the limits that nodes have in common
  /// @param idle what keeps connections open
  /// @param patience how long a task without a booking waits for a place
  /// @param nanos the time, as {@link System#nanoTime}
  ServerGroup(
      ShapingRule rule,
      Shares shares,
      Collection<IdleConnections> idle,
      Duration patience,
      LongSupplier nanos) {
    this.rule = rule;
    this.idle = idle;
    this.patience = patience;
    this.nanos = nanos;
    this.most = rule.given().connections().orElse(Integer.MAX_VALUE);
    this.interval = rule.given().rate().map(rate -> rate.interval().toNanos()).orElse(0L);
    this.next = nanos.getAsLong();
    this.part = Portion.unasked(0);
    // of the same servers there may be different rules for different transports
    String key = "servers " + rule.key() + " " + most + " " + interval;
    this.share = shares.join(key, new CommonLimit(most, interval > 0), this);
    granted(share.part());
  }

  @Override
  public synchronized Demand demand() {
    long rest = Math.max(0, next - nanos.getAsLong());
    return Demand.of(used + booked, used + booked, refused, most, Duration.ofNanos(rest));
  }

  @Override
  public synchronized void granted(Portion changed) {
    part = changed;
    long after = nanos.getAsLong() + changed.rest().toNanos();
    if (changed.rest().isPositive() && after - next > 0) {
      next = after;
    }
    notifyAll();
  }

  /// The most places that this node has now.
  private int places() {
    return Math.min(most, part.places());
  }

  private synchronized boolean take() {
    boolean room = hasRoom();
    if (used + booked + 1 >= places() && places() < most) {
      refused = room ? refused : System.nanoTime();
      share.want();
    }
    return room;
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
    if (!take()) {
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
    while (!take()) {
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
    return used + booked < places() && isSoon();
  }

  private synchronized boolean isSoon() {
    return Math.max(0, next - nanos.getAsLong()) + booked * interval * part.sharers() <= AHEAD;
  }

  /// Takes the next time at which a message may begin.
  ///
  /// @return how long that is from now, in nanoseconds
  private synchronized long begin() {
    long now = nanos.getAsLong();
    long at = next - now > 0 ? next : now;
    next = at + interval * part.sharers();
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
      left = places() - used;
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
    String with = " connections with " + rule.key();
    if (used + booked < most && used + booked >= places()) {
      return "other nodes have %d of %d%s".formatted(most - places(), most, with);
    }
    return used + booked >= most
        ? used + " of " + most + with + " in use"
        : "no more than "
            + rule.given().rate().map(Rate::toString).orElse("")
            + " with "
            + rule.key();
  }
}
