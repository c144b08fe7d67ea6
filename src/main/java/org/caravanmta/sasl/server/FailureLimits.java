package org.caravanmta.sasl.server;

import java.time.Duration;
import org.caravanmta.config.Require;

/// How many logins may fail in a window of time before none is tried (RFC 4954 §9), and how late a
/// failure is said: keys of the section `sasl`.
///
/// @param failureLimit of one client, whomever it says to be
/// @param userFailureLimit of one client as one user
/// @param failureDelay how long after the proof a failure is said, whatever it took to find out
public record FailureLimits(
    int failureLimit, int userFailureLimit, Duration failureWindow, Duration failureDelay) {
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  public FailureLimits {
    Require.atLeast(1, "failure-limit", failureLimit);
    Require.atLeast(1, "user-failure-limit", userFailureLimit);
    Require.positive("failure-window", failureWindow);
    if (failureDelay.isNegative() || failureDelay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException("failure-delay must be at most 1m");
    }
  }
}
