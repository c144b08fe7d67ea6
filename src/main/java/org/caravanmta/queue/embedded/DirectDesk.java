package org.caravanmta.queue.embedded;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.AckReason;
import org.apache.activemq.artemis.selector.filter.Filterable;
import org.apache.activemq.artemis.utils.collections.LinkedListIterator;
import org.caravanmta.queue.spi.Desk;
import org.caravanmta.queue.spi.Picked;
import org.caravanmta.queue.spi.SeenMessage;
import org.jspecify.annotations.Nullable;

/// The operator's way to the queues of the broker in this process: no message goes over a
/// connection, and the broker itself goes through a queue once for each verb.
final class DirectDesk implements Desk {
  /// Messages in one transaction of the broker's.
  private static final int AT_ONCE = 500;

  private final ActiveMQServer server;
  private final Interior interior;
  private final EmbeddedQueues queues;

  DirectDesk(ActiveMQServer server, Interior interior, EmbeddedQueues queues) {
    this.server = server;
    this.interior = interior;
    this.queues = queues;
  }

  @Override
  public boolean exists(String queue) {
    return server.locateQueue(SimpleString.of(queue)) != null;
  }

  @Override
  public long count(String queue) throws ActiveMQException {
    return interior.queue(queue).getMessageCount();
  }

  @Override
  public void browse(String queue, Predicate<SeenMessage> use) throws ActiveMQException {
    Queue from = interior.queue(queue);
    // what has just come is seen when the queue has put it in its place
    from.deliverAsync();
    from.flushExecutor();
    try (LinkedListIterator<MessageReference> waiting = from.browserIterator()) {
      boolean more = true;
      while (more) {
        MessageReference next = next(waiting);
        more =
            next != null
                && (!(next.getMessage() instanceof ICoreMessage message)
                    || use.test(SeenMessage.of(message)));
      }
    }
  }

  private static @Nullable MessageReference next(LinkedListIterator<MessageReference> waiting) {
    while (waiting.hasNext()) {
      try {
        return waiting.next();
      } catch (NoSuchElementException e) {
        // a stage has just taken it
      }
    }
    return null;
  }

  @Override
  public List<SeenMessage> taken(String queue) {
    return queues.taken(queue);
  }

  @Override
  public long move(String name, Picked picked, String target) throws ActiveMQException {
    var there = server.getPostOffice().getBinding(SimpleString.of(target));
    if (there == null) {
      throw new ActiveMQException("there is no queue " + target);
    }
    return changing(
        picked,
        filter ->
            interior
                .queue(name)
                .moveReferences(AT_ONCE, filter, there.getAddress(), false, picked.size(), there));
  }

  @Override
  public long remove(String name, Picked picked) throws ActiveMQException {
    return changing(
        picked,
        filter -> {
          Queue queue = interior.queue(name);
          return queue.deleteMatchingReferences(AT_ONCE, filter, AckReason.KILLED);
        });
  }

  @Override
  public void close() {
    // nothing is open
  }

  private interface Change {
    int with(Filter filter) throws Exception;
  }

  private long changing(Picked picked, Change change) throws ActiveMQException {
    var changed = new AtomicLong();
    var context = interior.context();
    interior.run(
        context,
        () -> {
          changed.set(change.with(new Those(picked)));
          context.waitCompletion();
          return null;
        });
    return changed.get();
  }

  /// Those that were picked. The broker asks of each message once, and changes those that it is
  /// told are meant.
  private record Those(Picked picked) implements Filter {
    @Override
    public boolean match(Message message) {
      boolean meant = picked.contains(message.getMessageID());
      if (meant) {
        picked.remove(message.getMessageID());
      }
      return meant;
    }

    @Override
    public boolean match(Map<String, String> properties) {
      return false;
    }

    @Override
    public boolean match(Filterable filterable) {
      return false;
    }

    @Override
    public @Nullable SimpleString getFilterString() {
      return null;
    }
  }
}
