package org.caravanmta.delivery.watch;

import java.time.Duration;

/// Keys of the section `delivery`: when an attempt is given up that hangs.
///
/// @param watchdog how long an attempt may make no progress; zero for any time. No step of an
///   attempt may legally take longer than the ten minutes of the end of data (RFC 5321 §4.5.3.2.6),
///   and the longest wait for a turn is five
public record WatchSettings(Duration watchdog) {
  /// The shortest time, and more than any step may take by its usual limit.
  private static final Duration LEAST = Duration.ofMinutes(15);

  public WatchSettings {
    if (!watchdog.isZero() && watchdog.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException("watchdog must be at least 15m, or 0s for none");
    }
  }
}
