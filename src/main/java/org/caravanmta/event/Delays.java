package org.caravanmta.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.caravanmta.message.Envelope;

/// Where a message's time went, as the log's `delays=a/b/c/d` has it.
///
/// @param before from its arrival until it was routed for this attempt
/// @param waiting in the delivery queue, and for its turn at the destination
/// @param setup looking up names, connecting, greeting
/// @param transfer the rest
public record Delays(Duration before, Duration waiting, Duration setup, Duration transfer) {
  /// @param begun when its turn came
  /// @param connected when the first dialogue was ready
  /// @param ended when the attempt was over
  public static Delays of(Envelope envelope, Instant begun, Instant connected, Instant ended) {
    Instant queued = envelope.progress().queued();
    return new Delays(
        between(envelope.arrived(), queued),
        between(queued, begun),
        between(begun, connected),
        between(connected, ended));
  }

  /// The whole time since its arrival.
  Duration total() {
    return before.plus(waiting).plus(setup).plus(transfer);
  }

  @Override
  public String toString() {
    return seconds(before)
        + "/"
        + seconds(waiting)
        + "/"
        + seconds(setup)
        + "/"
        + seconds(transfer);
  }

  /// Seconds with two digits that matter, down to a hundredth: `0.04`, `0.3`, `1.2`, `12`, `4711`.
  static String seconds(Duration duration) {
    double seconds = duration.toMillis() / 1000.0;
    int decimals = seconds < 0.995 ? 2 : seconds < 9.95 ? 1 : 0;
    String text = String.format(Locale.ROOT, "%." + decimals + "f", seconds);
    return decimals == 0 ? text : text.replaceAll("\\.?0+$", "");
  }

  private static Duration between(Instant from, Instant to) {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }
}
