package org.caravanmta.queue.spi;

import java.time.Duration;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;

/// Where frames leave for the broker outside any transaction.
public interface Outlet extends AutoCloseable {
  /// A confirmation that has not come by then will not be waited for.
  Duration PATIENCE = Duration.ofSeconds(30);

  /// Sends, and tells the outcome later, or at once; waits for nothing.
  void send(Send send);

  /// Gives up what has waited too long, for its confirmation or for a connection.
  void expire(Duration patience);

  /// What has not been confirmed by now has failed.
  @Override
  void close();

  static QueueUnavailable unavailable(Throwable cause) {
    return switch (cause) {
      case QueueUnavailable known -> known;
      case ActiveMQException e when e.getType() == ActiveMQExceptionType.ADDRESS_FULL ->
          new QueueFull("the broker's disk is nearly full");
      default -> new QueueUnavailable("the broker cannot be reached: " + cause.getMessage(), cause);
    };
  }
}
