package org.caravanmta.queue.spi;

import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;

/// One thread's way to the broker: what it takes from queues and sends to others through it.
public interface Link extends AutoCloseable {
  /// Makes the queues that are missing.
  ///
  /// @return the version of the topology whose queues are there now
  int ensure(Topology topology) throws ActiveMQException;

  /// Begins to take from a queue.
  ///
  /// @param prefetch bytes that may wait on this side for their turn
  QueueIntake open(String queue, int prefetch) throws ActiveMQException;

  /// Begins to give what comes to a taker, where the broker can do so without a thread of the
  /// reader's: on a thread that may not be kept, at most `most` at a time.
  ///
  /// @return empty if it cannot; then {@link #open} and receive
  default Optional<Push> push(String queue, int most, Taker taker) throws ActiveMQException {
    return Optional.empty();
  }

  void send(Frame frame) throws ActiveMQException;

  /// Who is given what comes.
  interface Taker {
    /// @param done to be run when another may come in its place
    void take(Received received, Runnable done);
  }

  /// An intake that gives by itself.
  interface Push extends QueueIntake {
    /// From now on nothing comes.
    void stop();
  }

  /// Makes what was sent and acknowledged since the last commit take effect, all of it or nothing.
  /// Only for a link that settles.
  void commit() throws ActiveMQException;

  /// What was taken and not settled goes back to where it was.
  @Override
  void close();
}
