package org.caravanmta.queue.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.paging.cursor.PageSubscription;
import org.apache.activemq.artemis.core.postoffice.impl.LocalQueueBinding;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Placed;
import org.caravanmta.queue.spi.QueueLook;
import org.caravanmta.queue.spi.SeenMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queues of the broker in this process, looked at without taking anything from them.
record EmbeddedQueues(ActiveMQServer server) {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedQueues.class);

  /// Messages that are looked at for the oldest: a lane is not in the order of arrival.
  private static final int LOOKED_AT = 10_000;

  private static final SimpleString CONTENT = SimpleString.of(Frame.CONTENT);

  QueueLook look(String name) {
    Queue queue = server.locateQueue(SimpleString.of(name));
    if (queue == null) {
      return QueueLook.EMPTY;
    }
    if (isBeingCounted(queue)) {
      return QueueLook.UNKNOWN;
    }
    double oldest = Double.MAX_VALUE;
    // what stages have taken is on the queue still, and the head of a lane always is
    for (List<MessageReference> taken : queue.getDeliveringMessages().values()) {
      for (MessageReference reference : taken) {
        oldest = Math.min(oldest, since(name, reference.getMessage()));
      }
    }
    int looked = 0;
    int most = Queues.isDeferred(name) ? LOOKED_AT : 1;
    try (var waiting = queue.iterator()) {
      while (looked++ < most && waiting.hasNext()) {
        oldest = Math.min(oldest, since(name, waiting.next().getMessage()));
      }
    }
    return QueueLook.of((double) queue.getMessageCount(), oldest);
  }

  /// What routing has not settled, and transports have not taken yet.
  long untaken() {
    return server
        .getPostOffice()
        .getAllBindings()
        .filter(LocalQueueBinding.class::isInstance)
        .map(binding -> ((LocalQueueBinding) binding).getQueue())
        .filter(queue -> queue.getConsumerCount() > 0)
        .mapToLong(EmbeddedQueues::untaken)
        .sum();
  }

  private static long untaken(Queue queue) {
    String name = queue.getName().toString();
    if (name.equals(Queues.ROUTING)) {
      return queue.getMessageCount();
    }
    return Queues.isDelivery(name)
        ? Math.max(0, queue.getMessageCount() - queue.getDeliveringCount())
        : 0;
  }

  /// For seconds after a start, where much is in page files.
  private static boolean isBeingCounted(Queue queue) {
    PageSubscription pages = queue.getPageSubscription();
    return pages != null && pages.getCounter().isRebuilding();
  }

  private static double since(String queue, Message message) {
    return message.getObjectProperty(SimpleString.of(QueueLook.since(queue))) instanceof Long since
        ? since
        : message.getTimestamp();
  }

  List<SeenMessage> taken(String name) {
    Queue queue = server.locateQueue(SimpleString.of(name));
    var seen = new ArrayList<SeenMessage>();
    if (queue != null) {
      for (List<MessageReference> references : queue.getDeliveringMessages().values()) {
        for (MessageReference reference : references) {
          if (reference.getMessage() instanceof ICoreMessage message) {
            seen.add(SeenMessage.of(message));
          }
        }
      }
    }
    return seen;
  }

  /// Passes on the references of stored contents that a queue holds, page files included: a million
  /// messages in seconds.
  ///
  /// @return how many messages were seen
  long contents(String name, Consumer<String> use) {
    Queue queue = server.locateQueue(SimpleString.of(name));
    if (queue == null) {
      return 0;
    }
    long seen = 0;
    for (List<MessageReference> taken : queue.getDeliveringMessages().values()) {
      for (MessageReference reference : taken) {
        content(reference, use);
        seen++;
      }
    }
    try (var all = queue.browserIterator()) {
      while (all.hasNext()) {
        content(all.next(), use);
        seen++;
      }
    }
    return seen;
  }

  /// Passes on every durable message, what stages have taken included.
  void each(Consumer<Placed> use) {
    server
        .getPostOffice()
        .getAllBindings()
        .filter(LocalQueueBinding.class::isInstance)
        .map(binding -> ((LocalQueueBinding) binding).getQueue())
        .filter(Queue::isDurable)
        .forEach(queue -> each(queue, use));
  }

  private static void each(Queue queue, Consumer<Placed> use) {
    // what has just come is seen when the queue has put it in its place
    queue.deliverAsync();
    queue.flushExecutor();
    for (List<MessageReference> taken : queue.getDeliveringMessages().values()) {
      taken.forEach(one -> use.accept(Following.placed(one.getMessage())));
    }
    try (var all = queue.browserIterator()) {
      while (all.hasNext()) {
        use.accept(Following.placed(all.next().getMessage()));
      }
    } catch (NoSuchElementException e) {
      // a stage has just taken the last
    }
  }

  private static void content(MessageReference reference, Consumer<String> use) {
    Object ref = reference.getMessage().getObjectProperty(CONTENT);
    if (ref != null) {
      use.accept(ref.toString());
    }
  }

  /// Writes to the log which queues hold mail that nobody will take, because no route does, or
  /// because what is on the disk no longer says what they were.
  ///
  /// @param known the queues of all routes
  void reportStrays(Collection<String> known) {
    server
        .getPostOffice()
        .getAllBindings()
        .filter(LocalQueueBinding.class::isInstance)
        .map(binding -> ((LocalQueueBinding) binding).getQueue())
        .filter(Queue::isDurable)
        .filter(queue -> !Queues.isTakenOver(queue.getName().toString()))
        .forEach(queue -> reportStray(queue, known));
  }

  private static void reportStray(Queue queue, Collection<String> known) {
    String name = queue.getName().toString();
    long waiting = queue.getMessageCount();
    if (!known.contains(name) && waiting > 0) {
      LOG.error(
          "the journal is damaged, or a route is gone: {} messages are on the queue {}, from which"
              + " no stage takes any",
          waiting,
          Printable.text(name));
    } else if (known.contains(name) && !queue.getAddress().equals(queue.getName())) {
      LOG.error("the journal is damaged: nothing reaches the queue {}", name);
    }
  }
}
