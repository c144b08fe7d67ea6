package org.caravanmta.reception.limits;

import java.time.Duration;
import org.caravanmta.config.Require;

/// The keys of the section `smtp` that say how much a session puts up with from its client (RFC
/// 5321 §4.5.3.2, §7.8).
///
/// @param timeout how long a whole command may take from the reply before it, and the route to
///   answer a question (postfix `smtpd_timeout`)
/// @param minDataRate the least bytes a second of content; content gets `timeout` on top (postfix
///   `smtpd_min_data_rate`)
/// @param softErrorLimit the errors from which on each reply is delayed by `errorDelay` (postfix
///   `smtpd_soft_error_limit`)
/// @param errorDelay from 0s to 1m (postfix `smtpd_error_sleep_time`)
/// @param errorLimit the errors at which the session is ended (postfix `smtpd_hard_error_limit`)
/// @param idleLimit commands that do nothing for a message, such as NOOP; each one beyond is an
///   error (postfix `smtpd_junk_command_limit`)
public record Patience(
    Duration timeout,
    int minDataRate,
    int softErrorLimit,
    Duration errorDelay,
    int errorLimit,
    int idleLimit) {
  /// The longest timeout under stress, as in Postfix (`STRESS_README`).
  private static final Duration STRESSED_TIMEOUT = Duration.ofSeconds(10);

  /// A delayed reply must still come before the client gives up (RFC 5321 §4.5.3.2).
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

  /// What a session puts up with while the server has hardly room for more sessions: a timeout of
  /// ten seconds, and one error (postfix `STRESS_README`).
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
