package org.caravanmta.reception.limits;

import java.time.Duration;
import org.caravanmta.config.Require;

/// How much a session puts up with from its client (RFC 5321 §4.5.3.2, §7.8): keys of the section
/// `smtp`.
///
/// @param timeout how long a whole command may take to come, from the reply before it
/// @param minDataRate bytes a second below which content takes too long; it gets `timeout` on top
/// @param softErrorLimit errors after which each reply comes late by `errorDelay`
/// @param errorLimit errors after which the session is ended
/// @param idleLimit commands that do nothing for any message; each beyond them is an error
public record Patience(
    Duration timeout,
    int minDataRate,
    int softErrorLimit,
    Duration errorDelay,
    int errorLimit,
    int idleLimit) {
  /// What is left of it under stress (Postfix's `stress` values).
  private static final Duration STRESSED_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration MOST_ERROR_DELAY = Duration.ofMinutes(1);

  public Patience {
    Require.positive("timeout", timeout);
    Require.atLeast(1, "min-data-rate", minDataRate);
    Require.atLeast(1, "soft-error-limit", softErrorLimit);
    if (errorDelay.isNegative() || errorDelay.compareTo(MOST_ERROR_DELAY) > 0) {
      throw new IllegalArgumentException("error-delay must be from 0s to 1m");
    }
    Require.atLeast(1, "error-limit", errorLimit);
    Require.atLeast(1, "idle-limit", idleLimit);
  }

  /// With a server that has hardly room for more sessions: this one must not waste its own.
  public Patience stressed() {
    return new Patience(
        timeout.compareTo(STRESSED_TIMEOUT) < 0 ? timeout : STRESSED_TIMEOUT,
        minDataRate,
        softErrorLimit,
        errorDelay,
        1,
        1);
  }
}
