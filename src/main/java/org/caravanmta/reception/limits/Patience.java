package org.caravanmta.reception.limits;

import java.time.Duration;

/// How much a session puts up with from its client (RFC 5321 §4.5.3.2, §7.8).
///
/// @param timeout how long a whole command may take to come, from the reply before it
/// @param softErrorLimit errors after which each reply comes late by `errorDelay`
/// @param errorLimit errors after which the session is ended
/// @param idleLimit commands that do nothing for any message; each beyond them is an error
/// @param minDataRate bytes a second below which content takes too long; it gets `timeout` on top
public record Patience(
    Duration timeout,
    int softErrorLimit,
    Duration errorDelay,
    int errorLimit,
    int idleLimit,
    int minDataRate) {
  /// What is left of it under stress (Postfix's `stress` values).
  private static final Duration STRESSED_TIMEOUT = Duration.ofSeconds(10);

  public Patience {
    // the settings reader adds file, line and key to these messages
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive, was " + timeout);
    }
    if (errorDelay.isNegative()) {
      throw new IllegalArgumentException("error-delay must not be negative, was " + errorDelay);
    }
    atLeast("soft-error-limit", softErrorLimit);
    atLeast("error-limit", errorLimit);
    atLeast("idle-limit", idleLimit);
    atLeast("min-data-rate", minDataRate);
  }

  /// With a server that has hardly room for more sessions: this one must not waste its own.
  public Patience stressed() {
    return new Patience(
        timeout.compareTo(STRESSED_TIMEOUT) < 0 ? timeout : STRESSED_TIMEOUT,
        softErrorLimit,
        errorDelay,
        1,
        1,
        minDataRate);
  }

  private static void atLeast(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }
}
