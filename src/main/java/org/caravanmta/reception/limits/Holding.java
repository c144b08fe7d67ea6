package org.caravanmta.reception.limits;

/// What one session, or one of its questions, holds of the {@link MemoryBudget}: a number of bytes
/// for each kind of thing (RFC 5321 §4.5.3), whose sum is taken in steps. Given back once, however
/// the session ends. For one thread at a time; {@link #taken} from any.
public final class Holding implements AutoCloseable {
  public enum What {
    /// The session and its connection.
    SESSION,
    /// What the client calls itself.
    NAME,
    /// Bytes of the client's that nobody has read yet.
    INPUT,
    /// Replies that the client has not read yet.
    REPLIES,
    /// The sender and the recipients of a message.
    ENVELOPE,
    /// A header section, and a body that is not in a file.
    CONTENT,
    /// A piece of a body that is to be written to its file.
    BLOCK,
    TLS,
    /// A question, in as many copies as it has on its way along the route.
    QUESTION
  }

  private static final int KINDS = What.values().length;

  private final MemoryBudget budget;
  private final int[] parts = new int[KINDS];
  private long sum;
  private volatile long taken;
  private boolean closed;

  /// A new part of the budget, with nothing in it.
  public Holding(MemoryBudget budget) {
    this.budget = budget;
  }

  public MemoryBudget budget() {
    return budget;
  }

  /// Bytes taken of the budget.
  long taken() {
    return taken;
  }

  /// Says how much of something is about to be held.
  ///
  /// @return whether it may be held; if not, nothing has changed
  public boolean grow(What what, int bytes) {
    long after = sum + bytes - parts[what.ordinal()];
    long needed = steps(after);
    if (closed || needed > taken && !budget.take(needed - taken, needed)) {
      return false;
    }
    keep(what, bytes, after, needed);
    return true;
  }

  /// Says how much of something is held already.
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

  /// Gives everything back; nothing is held any longer.
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
