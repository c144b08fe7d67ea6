package org.caravanmta.queue.embedded;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.api.core.ActiveMQNonExistentQueueException;
import org.apache.activemq.artemis.api.core.ActiveMQQueueExistsException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.persistence.impl.journal.LargeServerMessageImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.core.transaction.impl.TransactionImpl;
import org.caravanmta.queue.spi.Fence;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Topology;
import org.jspecify.annotations.Nullable;

/// The inside of the broker in this process. Code that works here needs no connection to it:
/// nothing is encoded for a wire, and no packet goes from thread to thread.
public final class Interior {
  /// Takes an answer to a question that this process has asked.
  interface Asker {
    void answered(Frame answer);
  }

  private final ActiveMQServer server;
  private final StorageManager storage;
  private final OperationContext unkept;

  /// What has a smaller number was there when the broker started.
  private final long first;

  private final Map<String, Asker> askers = new ConcurrentHashMap<>();

  /// By the number of the message, of those that have been taken in this life and not settled.
  private final Map<Long, Integer> deaths = new ConcurrentHashMap<>();

  private volatile Fence fence = Fence.NONE;

  Interior(ActiveMQServer server) {
    this.server = server;
    this.storage = server.getStorageManager();
    this.unkept = context();
    this.first = storage.generateID();
  }

  void setFence(Fence other) {
    fence = other;
  }

  Fence fence() {
    return fence;
  }

  /// Whose answers come to the address `replyTo`; empty for one that is not of this process.
  Optional<Asker> asker(String replyTo) {
    return Optional.ofNullable(askers.get(replyTo));
  }

  void expect(String replyTo, Asker asker) {
    askers.put(replyTo, asker);
  }

  void forget(String replyTo) {
    askers.remove(replyTo);
  }

  /// What is written in a context is known to be on the disk when the context is complete.
  OperationContext context() {
    return storage.newContext(server.getExecutorFactory().getExecutor());
  }

  long number() {
    return storage.generateID();
  }

  Transaction begin() {
    return new TransactionImpl(storage);
  }

  Queue queue(String name) throws ActiveMQException {
    Queue queue = server.locateQueue(SimpleString.of(name));
    if (queue == null) {
      throw new ActiveMQNonExistentQueueException("there is no queue " + name);
    }
    return queue;
  }

  /// Makes the queues that are missing.
  ///
  /// @return the version of the topology whose queues are there now
  int ensure(Topology topology) throws ActiveMQException {
    int ensured = topology.version();
    for (String name : topology.all()) {
      if (server.locateQueue(SimpleString.of(name)) == null) {
        try {
          run(
              unkept,
              () ->
                  server.createQueue(
                      QueueConfiguration.of(name)
                          .setAddress(name)
                          .setRoutingType(RoutingType.ANYCAST)
                          .setDurable(true)
                          .setAutoCreateAddress(true)));
        } catch (ActiveMQQueueExistsException e) {
          // another thread was faster
        }
      }
    }
    return ensured;
  }

  /// How often the process has ended while it processed this message: as often as it was begun in
  /// earlier lives, which is what the broker keeps as its count of deliveries. Only for what was
  /// there when the broker started and is in memory; 0 for the rest.
  int deaths(MessageReference reference) {
    return isCounted(reference)
        ? deaths.computeIfAbsent(reference.getMessageID(), _ -> reference.getDeliveryCount() - 1)
        : 0;
  }

  /// Writes down that it is begun.
  void begun(MessageReference reference, OperationContext context) throws ActiveMQException {
    int before = deaths(reference);
    if (isCounted(reference)) {
      // under suspicion the next instant may be the last
      count(reference, before + 1, before > 0, context);
    }
  }

  /// Takes that back: this life will not have ended on it.
  void survived(MessageReference reference, OperationContext context) throws ActiveMQException {
    if (isCounted(reference)) {
      count(reference, deaths(reference), false, context);
    }
  }

  /// A message that is settled.
  void settled(MessageReference reference) {
    deaths.remove(reference.getMessageID());
  }

  /// Whether it was there when the broker started, and is in memory.
  boolean isCounted(MessageReference reference) {
    return reference.getMessageID() < first && !reference.isPaged();
  }

  private void count(MessageReference reference, int times, boolean now, OperationContext context)
      throws ActiveMQException {
    run(
        context,
        () -> {
          // set at once, it would be taken to be on the disk already
          while (reference.getDeliveryCount() < times) {
            reference.incrementDeliveryCount();
          }
          while (reference.getDeliveryCount() > times) {
            reference.decrementDeliveryCount();
          }
          storage.updateDeliveryCount(reference);
          if (now) {
            context.waitCompletion();
          }
          return null;
        });
  }

  /// Puts what need not be kept on its queue, with the reader at once if it is idle.
  void route(CoreMessage message) throws ActiveMQException {
    run(unkept, () -> server.getPostOffice().route(message, true));
  }

  /// Puts a message on its queue, when the context, or the transaction, is complete.
  void route(CoreMessage message, @Nullable Transaction transaction, OperationContext context)
      throws ActiveMQException {
    run(
        context,
        () ->
            server
                .getPostOffice()
                .route(
                    // a record longer than the journal takes becomes a file
                    LargeServerMessageImpl.checkLargeMessage(message, storage),
                    transaction,
                    false));
  }

  /// Commits, and waits until it is on the disk.
  void commit(Transaction transaction, OperationContext context) throws ActiveMQException {
    run(
        context,
        () -> {
          transaction.commit();
          context.waitCompletion();
          return null;
        });
  }

  /// Something done to the broker, in a context.
  interface Work {
    @Nullable Object run() throws Exception;
  }

  void run(OperationContext context, Work work) throws ActiveMQException {
    storage.setContext(context);
    try {
      work.run();
    } catch (ActiveMQException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ActiveMQException(
          String.valueOf(e.getMessage()), e, ActiveMQExceptionType.INTERNAL_ERROR);
    } finally {
      storage.clearContext();
    }
  }
}
