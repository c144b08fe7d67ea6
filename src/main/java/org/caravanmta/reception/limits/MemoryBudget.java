package org.caravanmta.reception.limits;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What all sessions together may hold in memory (RFC 5321 §4.5.3 has limits for each, and many
/// sessions inside theirs are too many): header sections, bodies on their way to a file,
/// recipients, what is sent ahead, replies that nobody reads, TLS, and open questions. From any
/// thread; nothing here waits.
///
/// Estimates, in bytes, taken in steps and rather too high. Above three quarters only sessions that
/// hold little get more, so that small mail goes on while others hold all they can get; above the
/// whole, none does, unless {@link Relief} makes room.
public final class MemoryBudget {
  /// The step in which a session's part grows and shrinks.
  public static final int STEP = 4096;

  /// Up to this a session's part is a small one: a header section as most are, and a few
  /// recipients.
  private static final int SMALL = 32 * 1024;

  /// Makes others give back what they hold.
  interface Relief {
    /// @return whether at least so many bytes will be given back in a moment
    boolean relieve(long bytes);
  }

  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private final LongAdder refusals = new LongAdder();
  private volatile Relief relief = bytes -> false;

  /// @param limit bytes
  public MemoryBudget(long limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("a budget must be positive, was " + limit);
    }
    this.limit = limit;
  }

  /// A quarter of the Java heap: what the rest of the server needs at its busiest is less than the
  /// other three.
  public static MemoryBudget ofHeap() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / 4);
  }

  public long limit() {
    return limit;
  }

  /// Bytes held now.
  public long held() {
    return held.get();
  }

  /// How often something was refused for lack of memory.
  public long refusals() {
    return refusals.sum();
  }

  /// Whether so much is held that everybody should do with less: bodies go to files sooner, in
  /// smaller blocks.
  public boolean tight() {
    return held.get() > limit / 2;
  }

  void relieveBy(Relief by) {
    relief = by;
  }

  /// Takes more, if there is room.
  ///
  /// @param part what the taker then holds, this included
  boolean take(long bytes, long part) {
    long most = part <= SMALL ? limit : limit - limit / 4;
    long now = held.addAndGet(bytes);
    // what others give back comes a moment later, so there is a bound to running ahead of it
    if (now <= most || relief.relieve(now - most) && now <= most + limit / 8) {
      return true;
    }
    held.addAndGet(-bytes);
    refusals.increment();
    return false;
  }

  /// Takes more whether there is room or not: it is there already.
  public void takeAnyway(long bytes) {
    held.addAndGet(bytes);
  }

  public void give(long bytes) {
    held.addAndGet(-bytes);
  }
}
