package org.caravanmta.restriction.greylist;

import java.time.Duration;
import org.caravanmta.config.Require;

/// How long an unknown client, sender and recipient are made to wait (RFC 6647 §5).
///
/// @param enabled whether anybody is
/// @param delay how long attempts are deferred after the first
/// @param retryWindow how long after the first attempt another one still counts as its retry
/// @param lifetime how long a triplet that came back is let through without asking
/// @param clientReturns triplets of a client that have come back, after which it is let through
///   with any; 0: never
public record Greylisting(
    boolean enabled, Duration delay, Duration retryWindow, Duration lifetime, int clientReturns) {
  public Greylisting {
    Require.positive("delay", delay);
    if (retryWindow.compareTo(delay) <= 0) {
      throw new IllegalArgumentException("retry-window must be longer than delay");
    }
    Require.positive("lifetime", lifetime);
    Require.atLeast(0, "client-returns", clientReturns);
  }
}
