package org.caravanmta.reception.limits;

import java.util.function.Supplier;

/// The time by which a client must have done its part (RFC 5321 §4.5.3.2): sent the whole of a
/// command, in however many packets, or content at a certain rate at least (postfix
/// `smtpd_per_request_deadline`). A byte now and then does not keep a session open. Times are those
/// of {@link System#nanoTime}.
public final class Deadline {
  private static final long SECOND = 1_000_000_000L;

  private final Supplier<Patience> patience;
  // when the client's time began; content moves it on, but never into the future
  private long since;

  /// @param patience asked each time, since there is less of it under stress
  public Deadline(Supplier<Patience> patience, long now) {
    this.patience = patience;
    this.since = now;
  }

  /// Gives the client its whole time again.
  public void restart(long now) {
    since = now;
  }

  /// Gives the client more time for content that has arrived: as much as these bytes may take at
  /// the lowest rate, and never more than the whole time from now on.
  public void credit(long bytes, long now) {
    long earned = bytes * SECOND / patience.get().minDataRate();
    since = now - since > earned ? since + earned : now;
  }

  /// Nanoseconds until the client is too late; zero or less when it is.
  public long left(long now) {
    return since + patience.get().timeout().toNanos() - now;
  }
}
