package org.caravanmta.queue.admin;

import java.util.Set;
import java.util.function.Predicate;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Message;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Picked;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;

/// Changes messages for the operator: they are moved to the queue `operator`, and from there each
/// goes on in its new form, in one transaction for both. What a process that ended in the middle
/// has left there goes back to the queue it came from, as it was ({@link #giveBack}).
final class Workbench {
  /// Messages in one transaction.
  private static final int BATCH = 200;

  private static final int PREFETCH = 1 << 20;

  /// How long the broker may take to hand over what it has moved, in milliseconds.
  private static final long PATIENCE = 5_000;

  private final Broker broker;

  Workbench(Broker broker) {
    this.broker = broker;
  }

  /// What a message becomes.
  interface Change {
    Frame of(Received received);
  }

  /// Changes what was picked and nobody has taken meanwhile.
  ///
  /// @return how many were changed
  long change(Desk desk, String queue, Picked picked, Change change) throws Exception {
    Set<Long> meant = picked.numbers();
    long moved = desk.move(queue, picked, Queues.OPERATOR);
    try {
      return drain(moved, received -> meant.contains(original(received)), change);
    } catch (ActiveMQException | InterruptedException | RuntimeException e) {
      giveBack();
      throw e;
    }
  }

  /// Gives what lies on the queue `operator` back to where it was.
  ///
  /// @return how many messages
  long giveBack() throws ActiveMQException, InterruptedException {
    try (Desk desk = broker.desk()) {
      return desk.exists(Queues.OPERATOR)
          ? drain(desk.count(Queues.OPERATOR), _ -> true, Workbench::back)
          : 0;
    }
  }

  private long drain(long most, Predicate<Received> ours, Change change)
      throws ActiveMQException, InterruptedException {
    long done = 0;
    try (Link link = broker.settling()) {
      QueueIntake intake = link.open(Queues.OPERATOR, PREFETCH);
      while (done < most) {
        Received next = intake.receive(PATIENCE);
        if (next == null) {
          break;
        }
        // what another operator moves goes back when the link is closed
        if (ours.test(next)) {
          link.send(change.of(next));
          intake.acknowledge(next);
          if (++done % BATCH == 0) {
            link.commit();
          }
        }
      }
      link.commit();
    }
    return done;
  }

  private static Frame back(Received received) {
    Object queue = received.message().getObjectProperty(Message.HDR_ORIGINAL_QUEUE);
    return received.on(queue == null ? Queues.HOLD : queue.toString());
  }

  private static long original(Received received) {
    return received.message().getObjectProperty(Message.HDR_ORIG_MESSAGE_ID) instanceof Number id
        ? id.longValue()
        : 0;
  }
}
