package org.caravanmta.queue.spi;

import org.caravanmta.message.Queues;

/// How much is on a queue at one time.
///
/// @param depth messages, those included that stages have taken
/// @param oldest since when the oldest is there, in milliseconds since 1970; 0 for none
public record QueueLook(double depth, double oldest) {
  public static final QueueLook EMPTY = new QueueLook(0, 0);

  /// Of a broker that does not answer, or still counts.
  public static final QueueLook UNKNOWN = new QueueLook(Double.NaN, Double.NaN);

  /// @param oldest as found, or the largest number if nothing was
  public static QueueLook of(double depth, double oldest) {
    return new QueueLook(depth, oldest == Double.MAX_VALUE ? 0 : oldest);
  }

  /// The property that says since when a message is on a queue. Mail goes from lane to lane: what
  /// is late is late since it came.
  public static String since(String queue) {
    return Queues.isDeferred(queue) ? Frame.ARRIVED : Frame.QUEUED;
  }
}
