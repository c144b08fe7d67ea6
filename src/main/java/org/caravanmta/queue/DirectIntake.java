package org.caravanmta.queue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.core.persistence.OperationContext;
import org.apache.activemq.artemis.core.server.Consumer;
import org.apache.activemq.artemis.core.server.HandleStatus;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/// What a reader takes from a queue of the broker in this process, whose delivering thread hands it
/// over.
final class DirectIntake implements Intake, Consumer {
  /// Whether a message is settled by the reader, or counts as settled when it is handed over.
  enum Settled {
    BY_THE_READER,
    AT_ONCE
  }

  private record Arrival(MessageReference reference, int size) {}

  private final String name;
  private final Queue queue;
  private final int prefetch;
  private final Settled settled;
  private final DirectLink link;
  private final long number;
  private final BlockingQueue<Arrival> arrived = new LinkedBlockingQueue<>();

  // guarded by `this`, as what follows
  private final Map<Long, MessageReference> held = new LinkedHashMap<>();
  private int waiting;
  private boolean refused;
  private volatile boolean closed;

  DirectIntake(
      String name, Queue queue, int prefetch, Settled settled, DirectLink link, long number) {
    this.name = name;
    this.queue = queue;
    this.prefetch = prefetch;
    this.settled = settled;
    this.link = link;
    this.number = number;
  }

  @Override
  public @Nullable Received receive(long patience) throws InterruptedException {
    Arrival next = arrived.poll();
    if (next == null) {
      next = arrived.poll(patience, TimeUnit.MILLISECONDS);
    }
    if (next == null || closed) {
      return null;
    }
    if (makeRoom(next.size())) {
      queue.deliverAsync();
    }
    var message = next.reference().getMessage().toCore();
    ActiveMQBuffer body = message.getReadOnlyBodyBuffer();
    var bytes = new byte[body.readableBytes()];
    body.readBytes(bytes);
    return new Received(
        name, message, bytes, next.reference().getDeliveryCount(), next.reference());
  }

  /// Whether the queue has been refused something that there is room for now.
  private synchronized boolean makeRoom(int size) {
    waiting -= size;
    boolean wanted = refused && waiting <= prefetch / 2;
    refused &= !wanted;
    return wanted;
  }

  @Override
  public boolean ready() {
    return !arrived.isEmpty();
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public void acknowledge(Received one) throws ActiveMQException {
    var reference = (MessageReference) one.handle();
    synchronized (this) {
      if (held.remove(reference.getMessageID()) == null) {
        throw new IllegalStateException("message " + one.number() + " is not held");
      }
    }
    link.acknowledge(queue, reference);
  }

  @Override
  public void acknowledgeUpTo(Received last) throws ActiveMQException {
    var settled = new ArrayList<MessageReference>();
    synchronized (this) {
      Iterator<MessageReference> all = held.values().iterator();
      boolean more = true;
      while (more && all.hasNext()) {
        MessageReference next = all.next();
        settled.add(next);
        all.remove();
        more = next.getMessageID() != last.number();
      }
    }
    for (MessageReference reference : settled) {
      link.acknowledge(queue, reference);
    }
  }

  /// Takes no more, and puts back what is held, in order.
  void close(Transaction none, OperationContext context) throws ActiveMQException {
    List<MessageReference> back;
    synchronized (this) {
      closed = true;
      back = List.copyOf(held.values());
      held.clear();
    }
    queue.removeConsumer(this);
    link.interior()
        .run(
            context,
            () -> {
              for (MessageReference reference : back) {
                // that it was here says nothing of it
                reference.decrementDeliveryCount();
                queue.cancel(none, reference, true);
              }
              none.rollback();
              return null;
            });
  }

  @Override
  public HandleStatus handle(MessageReference reference) throws Exception {
    int size = reference.getMessage().getEncodeSize();
    synchronized (this) {
      if (closed || waiting >= prefetch) {
        refused = true;
        return HandleStatus.BUSY;
      }
      waiting += size;
      if (settled == Settled.BY_THE_READER) {
        held.put(reference.getMessageID(), reference);
      }
    }
    reference.handled();
    reference.setConsumerId(number);
    reference.incrementDeliveryCount();
    if (settled == Settled.AT_ONCE) {
      queue.acknowledge(reference);
    }
    return HandleStatus.HANDLED;
  }

  @Override
  public void proceedDeliver(MessageReference reference) {
    if (!closed) {
      arrived.add(new Arrival(reference, reference.getMessage().getEncodeSize()));
    }
  }

  @Override
  public boolean supportsDirectDelivery() {
    return true;
  }

  @Override
  public @Nullable Filter getFilter() {
    return null;
  }

  @Override
  public synchronized List<MessageReference> getDeliveringMessages() {
    return List.copyOf(held.values());
  }

  @Override
  public String debug() {
    return toManagementString();
  }

  @Override
  public String toManagementString() {
    return "reader " + number + " of " + name;
  }

  @Override
  public void disconnect() {
    closed = true;
  }

  @Override
  public void failed(Throwable cause) {
    closed = true;
  }

  @Override
  public long sequentialID() {
    return number;
  }
}
