package org.caravanmta.queue;

import java.util.ArrayList;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.core.client.impl.ClientConsumerInternal;
import org.jspecify.annotations.Nullable;

/// Takes one message after the other, and settles as many as there are, up to a batch, with one
/// commit: one sync of the journal for all of them.
class BatchReader extends QueueReader {
  /// Bytes that wait on this side of the connection for their turn.
  private static final int PREFETCH = 1 << 20;

  private final int batch;
  private final int prefetch;

  /// Messages still to be settled one by one, after a commit that failed: if one of them is to
  /// blame, only that one fails again.
  private int careful;

  BatchReader(String queue, int number, Stage stage, ArtemisComponent queues, int batch) {
    this(queue, number, stage, queues, batch, PREFETCH);
  }

  BatchReader(
      String queue, int number, Stage stage, ArtemisComponent queues, int batch, int prefetch) {
    super(queue, number, stage, queues);
    this.batch = batch;
    this.prefetch = prefetch;
  }

  @Override
  protected void work(ClientSessionFactory connection) throws ActiveMQException {
    try (ClientSession session = queues.connections().transacted(connection)) {
      var consumer =
          (ClientConsumerInternal)
              session.createConsumer(SimpleString.of(queue), null, prefetch, -1, false);
      var producer = session.createProducer();
      session.start();
      Received next = null;
      while (!stopping()) {
        if (next == null) {
          next = received(await(consumer));
        } else if (!awaitTurn(next)) {
          checkOpen(consumer);
        } else {
          next = batch(session, consumer, producer, next);
        }
      }
    }
  }

  /// Whether the first of a batch may be taken now; waits a while for that.
  protected boolean awaitTurn(Received first) throws ActiveMQException {
    return true;
  }

  /// Whether this one may be taken now.
  protected boolean hasTurn(Received next) {
    return true;
  }

  /// Takes `first` and what stands behind it through the stage, and settles them.
  ///
  /// @return one that has been received and is not of the batch
  private @Nullable Received batch(
      ClientSession session,
      ClientConsumerInternal consumer,
      ClientProducer producer,
      Received first)
      throws ActiveMQException {
    int most = careful > 0 ? 1 : batch;
    var outcomes = new ArrayList<Stage.Outcome>(most);
    Received last;
    Received next = first;
    try {
      do {
        var outcome = pass(next);
        send(session, producer, outcome);
        outcomes.add(outcome);
        last = next;
        // what the broker has already brought: none is waited for
        next = consumer.getBufferSize() > 0 ? received(await(consumer)) : null;
      } while (next != null && outcomes.size() < most && !stopping() && hasTurn(next));
      // with all before it
      last.message().acknowledge();
      session.commit();
    } catch (ActiveMQException | RuntimeException e) {
      careful = Faults.ofTheBroker(e) ? 0 : batch;
      throw e;
    }
    careful = Math.max(0, careful - 1);
    outcomes.forEach(this::settled);
    return next;
  }

  private @Nullable Received received(@Nullable ClientMessage message) {
    return message == null ? null : Received.of(queue, message);
  }
}
