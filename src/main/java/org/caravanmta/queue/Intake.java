package org.caravanmta.queue;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.jspecify.annotations.Nullable;

/// What one reader takes from one queue, in the queue's order.
interface Intake {
  /// The next message; null when none has come in that time, or none can come any more.
  ///
  /// @param patience in milliseconds
  @Nullable Received receive(long patience) throws ActiveMQException, InterruptedException;

  /// Whether one is here already.
  boolean ready();

  boolean closed();

  /// Settles this message, with the link's next commit.
  void acknowledge(Received one) throws ActiveMQException;

  /// Settles this message and all that were received before it, with the link's next commit.
  void acknowledgeUpTo(Received last) throws ActiveMQException;
}
