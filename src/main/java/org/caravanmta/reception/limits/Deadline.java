package org.caravanmta.reception.limits;

import java.util.function.Supplier;

/// By when the client must have done its part (RFC 5321 §4.5.3.2): sent the whole of a command,
/// however it cuts it into packets, or content at no less than a certain rate. One byte now and
/// then keeps no session open. Times are those of {@link System#nanoTime}.
public final class Deadline {
  private static final long SECOND = 1_000_000_000L;

  private final Supplier<Patience> patience;
  // when the time began that the client may take; content moves it on, never beyond the present
  private long since;

  /// @param patience asked at each look, since it is less under stress
  public Deadline(Supplier<Patience> patience, long now) {
    this.patience = patience;
    this.since = now;
  }

  /// The client's part begins anew.
  public void restart(long now) {
    since = now;
  }

  /// So much content has come.
  public void credit(long bytes, long now) {
    long earned = bytes * SECOND / patience.get().minDataRate();
    since = now - since > earned ? since + earned : now;
  }

  /// Nanoseconds until it is over; not positive when it is.
  public long left(long now) {
    return since + patience.get().timeout().toNanos() - now;
  }
}
