package org.caravanmta.delivery.schedule;

import java.time.Duration;
import org.caravanmta.delivery.shaping.ShapingRule;

/// What each destination of a transport may have.
///
/// @param concurrency the most tasks at work at a time (postfix
///   `default_destination_concurrency_limit`)
/// @param suspension how long a dead destination is left alone (postfix `minimal_backoff_time`)
/// @param rateDelay how long a destination is left alone after each task, which then go one at a
///   time; zero for not at all (postfix `default_destination_rate_delay`)
/// @param transportRateDelay how long the whole transport waits after it has begun a task; zero for
///   not at all (postfix `default_transport_rate_delay`)
public record Limits(
    int concurrency,
    Duration suspension,
    Duration rateDelay,
    Duration transportRateDelay,
    WindowSettings window) {
  /// The same as a rule for one destination changes them.
  Limits with(ShapingRule.Given rule) {
    return new Limits(
        rule.concurrency().orElse(concurrency),
        suspension,
        rule.rateDelay().orElse(rateDelay),
        transportRateDelay,
        window);
  }

  /// The widest that a window gets.
  int most() {
    return rateDelay.isPositive() ? 1 : concurrency;
  }
}
