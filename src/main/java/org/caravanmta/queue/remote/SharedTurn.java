package org.caravanmta.queue.remote;

import java.time.Duration;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQNonExistentQueueException;
import org.apache.activemq.artemis.api.core.ActiveMQQueueMaxConsumerLimitReached;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.caravanmta.queue.spi.Broker.Turn;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.QuestionChannel;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.caravanmta.queue.spi.Topology;
import org.caravanmta.queue.spi.Turns;

/// The one turn of all processes that use a broker: a certain queue takes one consumer, and whoever
/// is that has the turn. It is given up with the connection, however its process ends. (Making a
/// temporary queue is no such turn: the broker removes it more than once when its connection
/// closes, by its name, even if another has made it again meanwhile.)
final class SharedTurn {
  private static final String NAME = QuestionChannel.REPLIES + "operator.only-one";

  /// Between two tries, in milliseconds.
  private static final long PAUSE = 50;

  private SharedTurn() {}

  /// Waits for the turn.
  static Turn take(Connections connections) throws ActiveMQException, InterruptedException {
    ClientSessionFactory connection = connections.open();
    try {
      ClientSession session = connections.direct(connection);
      long end = System.nanoTime() + Duration.ofMinutes(Turns.LONGEST).toNanos();
      while (!isOurs(session, connections.names().at(NAME))) {
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

  private static boolean isOurs(ClientSession session, SimpleString name) throws ActiveMQException {
    Topology.ensure(
        session,
        QueueConfiguration.of(name)
            .setRoutingType(RoutingType.ANYCAST)
            .setDurable(false)
            .setMaxConsumers(1)
            .setAutoDelete(false));
    try {
      session.createConsumer(name);
      return true;
    } catch (ActiveMQQueueMaxConsumerLimitReached | ActiveMQNonExistentQueueException e) {
      // another has it, or is about to make the queue
      return false;
    }
  }
}
