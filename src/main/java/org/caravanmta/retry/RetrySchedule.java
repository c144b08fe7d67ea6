package org.caravanmta.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Queues;

/// How long a deferred recipient waits (RFC 5321 §4.5.4.1): the first lane after the first attempt,
/// the second after the second, then the last one each time, until the message is `lifetime` old.
///
/// @param times of every message
/// @param reports the lifetime of mail with the null reverse path, which nobody misses that long
///   (postfix `bounce_queue_lifetime`)
public record RetrySchedule(WaitingTimes times, Duration reports) {
  private static final Duration MOMENT = Duration.ofSeconds(10);

  RetrySchedule(List<Duration> lanes, Duration lifetime, Duration reports, Duration warning) {
    this(new WaitingTimes(lanes, lifetime, warning), reports);
  }

  /// A schedule by which senders hear of failures only.
  public RetrySchedule(List<Duration> lanes, Duration lifetime) {
    this(lanes, lifetime, lifetime, Duration.ZERO);
  }

  List<Duration> lanes() {
    return times.lanes();
  }

  Duration lifetime() {
    return times.lifetime();
  }

  /// The queues of all lanes, and how long a recipient waits in each.
  public Map<String, Duration> queues() {
    return Stream.concat(Stream.of(moment()), lanes().stream())
        .distinct()
        .collect(Collectors.toUnmodifiableMap(RetrySchedule::queue, lane -> lane));
  }

  /// How long a recipient waits after this many attempts or faults.
  Duration wait(int attempts) {
    return lanes().get(Math.clamp(attempts - 1L, 0, lanes().size() - 1));
  }

  /// How long a message waits that was not tried: about as long as it has waited already.
  Duration untried(Instant arrived, Instant now) {
    Duration age = Duration.between(arrived, now);
    return lanes().stream()
        .filter(lane -> lane.compareTo(age) <= 0)
        .max(Duration::compareTo)
        .orElseGet(() -> lanes().stream().min(Duration::compareTo).orElseThrow());
  }

  /// The shortest wait. Nothing is put there now; what lies there is taken.
  private Duration moment() {
    return lanes().getFirst().compareTo(MOMENT) < 0 ? lanes().getFirst() : MOMENT;
  }

  /// The first lane that is as long as this, or the longest.
  Duration nearest(Duration wanted) {
    return lanes().stream()
        .filter(lane -> lane.compareTo(wanted) >= 0)
        .findFirst()
        .orElseGet(() -> lanes().getLast());
  }

  boolean expired(Envelope envelope, Instant now) {
    return !now.isBefore(expiry(envelope));
  }

  Instant expiry(Envelope envelope) {
    Duration longest =
        envelope.reversePath() instanceof ReversePath.Null ? reports : times.lifetime();
    return envelope.arrived().plus(longest);
  }

  /// When the sender of a message that waits is told so; absent if he is not.
  Optional<Instant> warning(Instant arrived) {
    Duration warning = times.delayWarning();
    return warning.isPositive() ? Optional.of(arrived.plus(warning)) : Optional.empty();
  }

  /// Whether the sender of a message that waits is to be told so.
  boolean late(Instant arrived, Instant now) {
    Duration warning = times.delayWarning();
    return warning.isPositive() && !now.isBefore(arrived.plus(warning));
  }

  /// `deferred.` and the waiting time in its largest whole unit: `deferred.90s`, `deferred.2h`.
  static String queue(Duration lane) {
    long millis = lane.toMillis();
    String time =
        millis % 1000 != 0
            ? millis + "ms"
            : millis % 60_000 != 0
                ? millis / 1000 + "s"
                : millis % 3_600_000 != 0
                    ? millis / 60_000 + "m"
                    : millis % 86_400_000 != 0
                        ? millis / 3_600_000 + "h"
                        : millis / 86_400_000 + "d";
    return Queues.deferred(time);
  }
}
