package org.caravanmta.sasl.server;

import java.time.Duration;
import org.caravanmta.config.Require;

/// How many logins may fail before no more are tried (RFC 4954 §9), and how late the reply to a
/// failure comes: keys of the section `sasl`.
///
/// @param failureLimit how many logins of one client may fail in a window, whatever the users
/// @param userFailureLimit how many logins of one client as the same user may fail in a window
/// @param failureWindow how long failures count
/// @param failureDelay how long after the last response the reply to a failed login comes, however
///   long the check took; at most a minute
public record FailureLimits(
    int failureLimit, int userFailureLimit, Duration failureWindow, Duration failureDelay) {
  /// So that a client does not take the delay for a lost connection.
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
