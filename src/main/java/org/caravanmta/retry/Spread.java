package org.caravanmta.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Spreads what comes into a lane in one moment over a longer one, so that it does not all become
/// due at once: over a tenth of the lane's time, and a minute at most. What comes later is due
/// later, or only the head of a lane could not be waited for; the more has come, the smaller the
/// steps.
final class Spread {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /// The part of the lane's time that is spread over.
  private static final int PART = 10;

  /// The part of what is left that one message takes: a thousand messages take two thirds.
  private static final int STEP = 1000;

  /// When the last one is due, by the time of the lane.
  private final Map<Duration, Instant> last = new ConcurrentHashMap<>();

  /// When a message is due that comes into a lane now: not before its time.
  Instant due(Duration wait, Instant now) {
    Instant earliest = now.plus(wait);
    Instant latest = earliest.plus(over(wait));
    return last.merge(wait, earliest, (before, _) -> next(before, earliest, latest));
  }

  private static Instant next(Instant before, Instant earliest, Instant latest) {
    if (before.isBefore(earliest) || before.isAfter(latest)) {
      // nothing has come lately, or the clock was set back
      return earliest;
    }
    return before.plus(Duration.between(before, latest).dividedBy(STEP));
  }

  static Duration over(Duration wait) {
    Duration part = wait.dividedBy(PART);
    return part.compareTo(LONGEST) < 0 ? part : LONGEST;
  }
}
