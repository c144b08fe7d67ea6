package org.caravanmta.reception.limits;

/// The memory that one session, or one of its questions, holds of the {@link MemoryBudget}: a
/// number of bytes for each kind of thing (RFC 5321 §4.5.3), whose sum is taken in steps of {@link
/// MemoryBudget#STEP}. Closing it gives everything back. For one thread at a time; {@link #taken}
/// may be called from any.
public final class Holding implements AutoCloseable {
  /// A kind of thing that takes memory.
  public enum What {
    /// The session and its connection.
    SESSION,
    /// The name that the client gives itself in HELO or EHLO.
    NAME,
    /// Bytes from the client that the session has not taken yet.
    INPUT,
    /// Replies that have not been sent yet.
    REPLIES,
    /// The sender and the recipients of a message.
    ENVELOPE,
    /// A header section, and a body that is not in a file.
    CONTENT,
    /// A block of a body that is being filled before it is written to its file.
    BLOCK,
    /// The state of TLS.
    TLS,
    /// A question on its way along the route, in all its copies.
    QUESTION
  }

  private static final int KINDS = What.values().length;

  private final MemoryBudget budget;
  private final int[] parts = new int[KINDS];
  private long sum;
  private volatile long taken;
  private boolean closed;

  /// Holds nothing of the budget yet.
  public Holding(MemoryBudget budget) {
    this.budget = budget;
  }

  public MemoryBudget budget() {
    return budget;
  }

  /// Bytes taken from the budget: the sum of all kinds, rounded up to whole steps.
  long taken() {
    return taken;
  }

  /// Asks for memory before it is used.
  ///
  /// @param bytes what is held of this kind from now on, in place of what it was
  /// @return whether the budget has room for it; if not, nothing has changed
  public boolean grow(What what, int bytes) {
    long after = sum + bytes - parts[what.ordinal()];
    long needed = steps(after);
    if (closed || needed > taken && !budget.take(needed - taken, needed)) {
      return false;
    }
    keep(what, bytes, after, needed);
    return true;
  }

  /// Counts memory that is used already, whether the budget has room for it or not.
  ///
  /// @param bytes what is held of this kind now, in place of what it was
  public void count(What what, int bytes) {
    int before = parts[what.ordinal()];
    if (closed || bytes == before) {
      return;
    }
    long after = sum + bytes - before;
    long needed = steps(after);
    if (needed > taken) {
      budget.takeAnyway(needed - taken);
    }
    keep(what, bytes, after, needed);
  }

  /// Gives everything back. Afterwards nothing is counted, and {@link #grow} answers no.
  @Override
  public void close() {
    closed = true;
    budget.give(taken);
    taken = 0;
  }

  private void keep(What what, int bytes, long after, long needed) {
    if (needed < taken) {
      budget.give(taken - needed);
    }
    parts[what.ordinal()] = bytes;
    sum = after;
    taken = needed;
  }

  private static long steps(long bytes) {
    return (bytes + MemoryBudget.STEP - 1) / MemoryBudget.STEP * MemoryBudget.STEP;
  }
}
