package org.caravanmta.queue.remote;

import java.util.concurrent.locks.ReentrantLock;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.core.client.impl.ClientConsumerInternal;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Names;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// A link over a connection to a broker elsewhere.
public final class SessionLink implements Link {
  private final ClientSessionFactory connection;
  private final ClientSession taking;
  private final ClientSession sending;
  private final ClientProducer producer;
  private final Names names;
  private final ReentrantLock lock = new ReentrantLock();

  /// @param taking the session whose consumers' messages are received
  /// @param sending the session that sends; the same, if both are to be one transaction
  /// @param names what the queues are called at the broker
  public SessionLink(
      ClientSessionFactory connection, ClientSession taking, ClientSession sending, Names names)
      throws ActiveMQException {
    this.connection = connection;
    this.taking = taking;
    this.sending = sending;
    this.producer = sending.createProducer();
    this.names = names;
  }

  @Override
  public int ensure(Topology topology) throws ActiveMQException {
    return topology.ensure(sending, names);
  }

  @Override
  public QueueIntake open(String queue, int prefetch) throws ActiveMQException {
    var consumer =
        (ClientConsumerInternal)
            taking.createConsumer(names.at(queue), Received.READABLE, prefetch, -1, false);
    taking.start();
    return new Taking(queue, consumer);
  }

  @Override
  public void send(Frame frame) throws ActiveMQException {
    // a session is for one thread at a time, and questions are answered on many
    lock.lock();
    try {
      producer.send(names.at(frame.queue()), frame.message(sending));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void commit() throws ActiveMQException {
    sending.commit();
  }

  @Override
  public void close() {
    connection.close();
  }

  private record Taking(String queue, ClientConsumerInternal consumer) implements QueueIntake {
    @Override
    public @Nullable Received receive(long patience) throws ActiveMQException {
      ClientMessage message = consumer.receive(patience);
      return message == null ? null : Received.of(queue, message, message);
    }

    @Override
    public boolean ready() {
      return consumer.getBufferSize() > 0;
    }

    @Override
    public boolean closed() {
      return consumer.isClosed();
    }

    @Override
    public void acknowledge(Received one) throws ActiveMQException {
      ((ClientMessage) one.handle()).individualAcknowledge();
    }

    @Override
    public void acknowledgeUpTo(Received last) throws ActiveMQException {
      ((ClientMessage) last.handle()).acknowledge();
    }
  }
}
