package org.caravanmta.reception.limits;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// The memory that all sessions together may hold, in bytes: RFC 5321 §4.5.3 limits each session,
/// but many sessions within their limits can still be too many. It counts header sections, bodies
/// on their way to a file, recipients, commands sent ahead, replies that nobody reads, TLS, and
/// open questions, by estimates that are rather too high. From any thread; nothing here waits.
///
/// When three quarters are held, only sessions that hold little get more, so that small mail still
/// gets through; when all is held, none does, unless {@link Relief} makes room.
public final class MemoryBudget {
  /// The bytes by which a session's part grows and shrinks: with finer steps every line would
  /// change the number that all threads share.
  public static final int STEP = 4096;

  /// The largest part of a session that counts as little: enough for most header sections and a few
  /// recipients.
  private static final int SMALL = 32 * 1024;

  /// A way to make room when the budget is used up.
  interface Relief {
    /// Makes other sessions give back what they hold.
    ///
    /// @param bytes that are missing
    /// @return whether at least so many bytes will be given back in a moment
    boolean relieve(long bytes);
  }

  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private final LongAdder refusals = new LongAdder();
  private volatile Relief relief = bytes -> false;

  /// @throws IllegalArgumentException for a limit that is not positive
  public MemoryBudget(long limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("a budget must be positive, was " + limit);
    }
    this.limit = limit;
  }

  /// A budget of a quarter of the Java heap: the rest of the server needs less than three quarters
  /// at its busiest.
  public static MemoryBudget ofHeap() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / 4);
  }

  /// Bytes that may be held.
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

  /// Whether more than half is held, so that sessions should do with less: bodies then go to files
  /// sooner, in smaller blocks.
  public boolean tight() {
    return held.get() > limit / 2;
  }

  void relieveBy(Relief by) {
    relief = by;
  }

  /// Takes more, if there is room.
  ///
  /// @param part what the session that asks holds then, `bytes` included
  /// @return whether there was; if not, nothing has changed
  boolean take(long bytes, long part) {
    long most = part <= SMALL ? limit : limit - limit / 4;
    long now = held.addAndGet(bytes);
    // others give back a moment later, so we go over the limit by an eighth at most meanwhile
    if (now <= most || relief.relieve(now - most) && now <= most + limit / 8) {
      return true;
    }
    held.addAndGet(-bytes);
    refusals.increment();
    return false;
  }

  /// Takes more whether there is room or not, for memory that is in use already.
  public void takeAnyway(long bytes) {
    held.addAndGet(bytes);
  }

  /// Gives back what has been taken.
  public void give(long bytes) {
    held.addAndGet(-bytes);
  }
}
