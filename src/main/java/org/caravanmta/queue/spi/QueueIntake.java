package org.caravanmta.queue.spi;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.jspecify.annotations.Nullable;

/// What one reader takes from one queue, in the queue's order.
public interface QueueIntake {
  /// The next message; null when none has come in that time, or none can come any more.
  ///
  /// @param patience in milliseconds
  @Nullable Received receive(long patience) throws ActiveMQException, InterruptedException;

  /// Whether one is here already.
  boolean ready();

  boolean closed();

  /// Notes that this message is processed from now on, where it is counted how often the process
  /// has ended on it.
  default void begun(Received one) throws ActiveMQException {}

  /// Notes that it has been processed for so long that the process will not end on it.
  default void survived(Received one) throws ActiveMQException {}

  /// Settles this message, with the link's next commit.
  void acknowledge(Received one) throws ActiveMQException;

  /// Settles this message and all that were received before it, with the link's next commit.
  void acknowledgeUpTo(Received last) throws ActiveMQException;
}
