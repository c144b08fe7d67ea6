package org.caravanmta.queue.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A link to the broker in this process.
public final class DirectLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(DirectLink.class);

  private final Interior interior;
  private final DirectIntake.Settled settled;
  private final OperationContext context;
  private final List<DirectIntake> intakes = new ArrayList<>();

  /// What is settled with the next commit.
  private final List<MessageReference> acknowledged = new ArrayList<>();

  private @Nullable Transaction transaction;

  public DirectLink(Interior interior, DirectIntake.Settled settled) {
    this.interior = interior;
    this.settled = settled;
    this.context = interior.context();
  }

  @Override
  public int ensure(Topology topology) throws ActiveMQException {
    return interior.ensure(topology);
  }

  @Override
  public QueueIntake open(String name, int prefetch) throws ActiveMQException {
    return begin(name, prefetch, null);
  }

  @Override
  public Optional<Push> push(String name, int most, Taker taker) throws ActiveMQException {
    return Optional.of(begin(name, most, taker));
  }

  private DirectIntake begin(String name, int limit, @Nullable Taker taker)
      throws ActiveMQException {
    Queue queue = interior.queue(name);
    var intake =
        new DirectIntake(
            name, queue, limit, taker, settled, this::acknowledge, interior, interior.number());
    intakes.add(intake);
    interior.run(
        context,
        () -> {
          queue.addConsumer(intake);
          queue.deliverAsync();
          return null;
        });
    return intake;
  }

  @Override
  public void send(Frame frame) throws ActiveMQException {
    if (settled == DirectIntake.Settled.BY_THE_READER) {
      interior.route(frame.message(interior.number()), transaction(), context);
      return;
    }
    var asker = interior.asker(frame.queue());
    if (asker.isPresent()) {
      asker.get().answered(frame);
    } else {
      interior.route(frame.message(interior.number()));
    }
  }

  private void acknowledge(Queue queue, MessageReference reference) throws ActiveMQException {
    var current = transaction();
    acknowledged.add(reference);
    interior.run(
        context,
        () -> {
          queue.acknowledge(current, reference);
          return null;
        });
  }

  @Override
  public void commit() throws ActiveMQException {
    Transaction current = transaction;
    if (current != null) {
      interior.commit(current, context);
      transaction = null;
      acknowledged.forEach(interior::settled);
      acknowledged.clear();
    }
  }

  @Override
  public void close() {
    try {
      Transaction undone = transaction;
      transaction = null;
      if (undone != null) {
        interior.run(
            context,
            () -> {
              undone.rollback();
              return null;
            });
        for (MessageReference reference : acknowledged) {
          interior.survived(reference, context);
        }
        acknowledged.clear();
      }
    } catch (ActiveMQException | RuntimeException e) {
      LOG.warn("a transaction could not be rolled back: {}", e.toString());
    }
    for (DirectIntake intake : intakes) {
      try {
        intake.close(interior.begin(), context);
      } catch (ActiveMQException | RuntimeException e) {
        LOG.warn("{} did not end: {}", intake.toManagementString(), e.toString());
      }
    }
  }

  private Transaction transaction() {
    Transaction current = transaction;
    if (current == null) {
      current = interior.begin();
      transaction = current;
    }
    return current;
  }
}
