package org.caravanmta.cluster.lock;

import java.util.function.LongSupplier;

/// For how long something is held, by the clock of this machine: it ends by itself, and a thread
/// that was stopped for longer finds it ended (Gray and Cheriton, "Leases", 1989).
final class Lease {
  private final LongSupplier nanos;
  private volatile long until;

  /// @param nanos a clock that goes on while the process is stopped, `System.nanoTime`
  Lease(LongSupplier nanos) {
    this.nanos = nanos;
    this.until = nanos.getAsLong();
  }

  boolean holds() {
    return until - nanos.getAsLong() > 0;
  }

  /// It holds until this moment, and not longer.
  void extend(long moment) {
    until = moment;
  }

  void end() {
    until = nanos.getAsLong();
  }
}
