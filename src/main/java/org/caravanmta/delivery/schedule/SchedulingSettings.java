package org.caravanmta.delivery.schedule;

import java.time.Duration;
import org.caravanmta.config.Flat;
import org.caravanmta.delivery.reply.ReplySettings;
import org.caravanmta.delivery.shaping.ShapingSettings;

/// The section `delivery.scheduling`: how many tasks a destination gets at a time, and when
/// (postfix `SCHEDULER_README`).
///
/// @param window how the window of a destination follows its results
/// @param transportRateDelay how long a transport waits between the beginnings of two tasks; zero
///   for not at all (postfix `default_transport_rate_delay`)
/// @param shaping limits for destinations and servers that need their own
/// @param replies what follows from what servers reply
public record SchedulingSettings(
    @Flat WindowSettings window,
    Duration transportRateDelay,
    @Flat ShapingSettings shaping,
    @Flat ReplySettings replies) {
  public SchedulingSettings {
    if (transportRateDelay.isNegative()) {
      throw new IllegalArgumentException("transport-rate-delay must not be negative");
    }
  }
}
