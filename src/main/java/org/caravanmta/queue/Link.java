package org.caravanmta.queue;

import org.apache.activemq.artemis.api.core.ActiveMQException;

/// One thread's way to the broker: what it takes from queues and sends to others through it.
interface Link extends AutoCloseable {
  /// Makes the queues that are missing.
  ///
  /// @return the version of the topology whose queues are there now
  int ensure(Topology topology) throws ActiveMQException;

  /// Begins to take from a queue.
  ///
  /// @param prefetch bytes that may wait on this side for their turn
  Intake open(String queue, int prefetch) throws ActiveMQException;

  void send(Frame frame) throws ActiveMQException;

  /// Makes what was sent and acknowledged since the last commit take effect, all of it or nothing.
  /// Only for a link that settles.
  void commit() throws ActiveMQException;

  /// What was taken and not settled goes back to where it was.
  @Override
  void close();
}
