package org.caravanmta.reception.limits;

import java.util.concurrent.TimeUnit;

/// How soon a session should end when others need memory (RFC 5321 §4.5.3): the memory it holds,
/// times how long its client has sent nothing. From any thread.
public final class Weight {
  private final Holding holding;
  // when the client last sent something, as System.nanoTime has it
  private volatile long heard = System.nanoTime();
  private volatile boolean owing;

  public Weight(Holding holding) {
    this.holding = holding;
  }

  /// Takes note that the client has sent something.
  public void heard() {
    heard = System.nanoTime();
  }

  /// Says whether the client waits for the reply to a whole message: then its session is left
  /// alone, or the client would send the message again.
  public void owing(boolean replyDue) {
    if (owing != replyDue) {
      owing = replyDue;
    }
  }

  /// Bytes given back when the session ends.
  long bytes() {
    return holding.taken();
  }

  /// The weight, in bytes beyond those that every session holds, times seconds; zero for a session
  /// that is left alone.
  ///
  /// @param now as {@link System#nanoTime} has it
  long at(long now) {
    return owing ? 0 : TimeUnit.NANOSECONDS.toSeconds(now - heard) * (bytes() - MemoryBudget.STEP);
  }
}
