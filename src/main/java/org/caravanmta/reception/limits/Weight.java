package org.caravanmta.reception.limits;

import java.util.concurrent.TimeUnit;

/// How much a session is in the way of others who need memory (RFC 5321 §4.5.3): what it holds, by
/// how long its client has sent nothing. Read from any thread.
public final class Weight {
  private final Holding holding;
  private volatile long heard = System.nanoTime();
  private volatile boolean owing;

  public Weight(Holding holding) {
    this.holding = holding;
  }

  /// The client has sent something.
  public void heard() {
    heard = System.nanoTime();
  }

  /// @param reply whether it is owed the reply to a message: then it is left alone
  public void owing(boolean reply) {
    if (owing != reply) {
      owing = reply;
    }
  }

  /// Bytes given back if it ends.
  long bytes() {
    return holding.taken();
  }

  /// Bytes, beyond those that every session has, times seconds.
  ///
  /// @param now as {@link System#nanoTime}
  long at(long now) {
    return owing ? 0 : TimeUnit.NANOSECONDS.toSeconds(now - heard) * (bytes() - MemoryBudget.STEP);
  }
}
