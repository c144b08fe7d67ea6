package org.caravanmta.queue.admin;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /// What a message becomes: one, or several.
  interface Change {
    List<Frame> of(Received received);
  }

  /// Changes what was picked and nobody has taken meanwhile. What is changed is no longer among the
  /// picked. One verb at a time: the reader of one would be given what another has moved.
  ///
  /// @return how many were changed
  long change(Desk desk, String queue, Picked picked, Change change) throws Exception {
    try (var _ = broker.turn()) {
      // what another left there that could not even give it back
      giveBack(desk);
      Map<Long, Picked.Item> all = picked.all();
      long moved = desk.move(queue, picked, Queues.OPERATOR);
      try {
        Set<Long> done = drain(moved, change);
        done.forEach(picked::remove);
        if (done.size() < moved) {
          giveBack(desk);
          all.forEach(
              (number, item) -> {
                if (!done.contains(number)) {
                  picked.add(number, item);
                }
              });
        }
        return done.size();
      } catch (ActiveMQException | InterruptedException | RuntimeException e) {
        giveBack(desk);
        throw e;
      }
    }
  }

  /// Gives what lies on the queue `operator` back to where it was.
  ///
  /// @return how many messages
  long giveBack() throws ActiveMQException, InterruptedException {
    try (var _ = broker.turn();
        Desk desk = broker.desk()) {
      return giveBack(desk);
    }
  }

  private long giveBack(Desk desk) throws ActiveMQException, InterruptedException {
    long there = desk.exists(Queues.OPERATOR) ? desk.count(Queues.OPERATOR) : 0;
    return there == 0 ? 0 : drain(there, this::back).size();
  }

  /// @return the numbers that those had which have left, before they were moved here
  private Set<Long> drain(long most, Change change) throws ActiveMQException, InterruptedException {
    var done = new HashSet<Long>();
    long taken = 0;
    try (Link link = broker.settling()) {
      QueueIntake intake = link.open(Queues.OPERATOR, PREFETCH);
      while (taken < most) {
        Received next = intake.receive(PATIENCE);
        if (next == null) {
          break;
        }
        for (Frame frame : change.of(next)) {
          link.send(frame);
        }
        intake.acknowledge(next);
        done.add(original(next));
        if (++taken % BATCH == 0) {
          link.commit();
        }
      }
      link.commit();
    }
    return done;
  }

  private List<Frame> back(Received received) {
    Object queue = received.message().getObjectProperty(Message.HDR_ORIGINAL_QUEUE);
    return List.of(
        received.on(
            queue == null ? Queues.HOLD : broker.connections().names().ours(queue.toString())));
  }

  private static long original(Received received) {
    return received.message().getObjectProperty(Message.HDR_ORIG_MESSAGE_ID) instanceof Number id
        ? id.longValue()
        : 0;
  }
}
