package org.caravanmta.queue.remote;

import java.time.Duration;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQQueueExistsException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.caravanmta.queue.spi.Broker.Turn;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.QuestionChannel;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.caravanmta.queue.spi.Turns;

/// The one turn of all processes that use a broker: whoever has made a certain queue has it. The
/// queue is gone with the connection that made it, however its process ends.
final class SharedTurn {
  private static final String NAME = QuestionChannel.REPLIES + "operator.turn";

  /// Between two tries, in milliseconds.
  private static final long PAUSE = 50;

  private SharedTurn() {}

  /// Waits for the turn.
  static Turn take(Connections connections) throws ActiveMQException, InterruptedException {
    ClientSessionFactory connection = connections.open();
    try {
      ClientSession session = connections.direct(connection);
      long end = System.nanoTime() + Duration.ofMinutes(Turns.LONGEST).toNanos();
      while (!isMade(session)) {
        if (System.nanoTime() - end > 0) {
          throw new QueueUnavailable(
              "a verb of the operator's on another node has not ended; try again");
        }
        Thread.sleep(PAUSE);
      }
      return connection::close;
    } catch (ActiveMQException | InterruptedException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static boolean isMade(ClientSession session) throws ActiveMQException {
    try {
      session.createQueue(
          QueueConfiguration.of(NAME)
              .setAddress(NAME)
              .setRoutingType(RoutingType.ANYCAST)
              .setDurable(false)
              .setTemporary(true)
              .setAutoCreateAddress(true));
      return true;
    } catch (ActiveMQQueueExistsException e) {
      return false;
    }
  }
}
