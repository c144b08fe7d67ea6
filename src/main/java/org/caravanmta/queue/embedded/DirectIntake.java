package org.caravanmta.queue.embedded;

import java.util.List;
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
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;

/// What a reader takes from a queue of the broker in this process, whose delivering thread hands it
/// over: to who receives, or to a taker at once.
public final class DirectIntake implements Link.Push, Consumer {
  /// Whether a message is settled by the reader, or counts as settled when it is handed over.
  public enum Settled {
    BY_THE_READER,
    AT_ONCE
  }

  /// What settles a message, with the next commit of whoever opened this intake.
  interface Settlement {
    void acknowledge(Queue queue, MessageReference reference) throws ActiveMQException;
  }

  private record Arrival(MessageReference reference, int size) {}

  private final String name;
  private final Queue queue;
  private final int limit;
  private final Link.@Nullable Taker taker;
  private final Settled settled;
  private final Settlement settlement;
  private final Interior interior;
  private final long number;
  private final OperationContext counting;
  private final BlockingQueue<Arrival> arrived = new LinkedBlockingQueue<>();

  // guarded by `this`, as what follows
  private final Outstanding held = new Outstanding();
  private int taken;
  private boolean refused;
  private boolean stopped;
  private volatile boolean closed;

  /// @param limit bytes that may wait to be received, or, with a taker, messages it may have
  DirectIntake(
      String name,
      Queue queue,
      int limit,
      Link.@Nullable Taker taker,
      Settled settled,
      Settlement settlement,
      Interior interior,
      long number) {
    this.name = name;
    this.queue = queue;
    this.limit = limit;
    this.taker = taker;
    this.settled = settled;
    this.settlement = settlement;
    this.interior = interior;
    this.number = number;
    this.counting = interior.context();
  }

  @Override
  public @Nullable Received receive(long patience) throws ActiveMQException, InterruptedException {
    long left = settled == Settled.BY_THE_READER ? interior.fence().await(patience) : patience;
    Arrival next = left < 0 ? null : arrived.poll();
    if (next == null && left > 0) {
      next = arrived.poll(left, TimeUnit.MILLISECONDS);
    }
    if (next == null || closed) {
      return null;
    }
    makeRoom(next.size());
    return received(next.reference());
  }

  @Override
  public void begun(Received one) throws ActiveMQException {
    var reference = (MessageReference) one.handle();
    if (!interior.isCounted(reference)) {
      return;
    }
    synchronized (this) {
      if (!held.begin(reference)) {
        return;
      }
    }
    try {
      interior.begun(reference, counting);
    } catch (ActiveMQException | RuntimeException e) {
      // what is held goes back
      closed = true;
      throw e;
    }
  }

  @Override
  public void survived(Received one) throws ActiveMQException {
    var reference = (MessageReference) one.handle();
    synchronized (this) {
      if (!held.end(reference)) {
        return;
      }
    }
    interior.survived(reference, interior.context());
  }

  @Override
  public synchronized void stop() {
    stopped = true;
  }

  private Received received(MessageReference reference) {
    var message = reference.getMessage().toCore();
    ActiveMQBuffer body = message.getReadOnlyBodyBuffer();
    var bytes = new byte[body.readableBytes()];
    body.readBytes(bytes);
    return new Received(name, message, bytes, interior.deaths(reference), reference, List.of());
  }

  private void makeRoom(int size) {
    boolean wanted;
    synchronized (this) {
      taken -= size;
      wanted = refused && taken <= limit / 2;
      refused &= !wanted;
    }
    if (wanted) {
      // the queue has been refused something that there is room for now
      queue.deliverAsync();
    }
  }

  @Override
  public boolean ready() {
    return !arrived.isEmpty() && (settled == Settled.AT_ONCE || interior.fence().isOpen());
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public void acknowledge(Received one) throws ActiveMQException {
    var reference = (MessageReference) one.handle();
    synchronized (this) {
      if (!held.settle(reference)) {
        throw new IllegalStateException("message " + one.number() + " is not held");
      }
    }
    settlement.acknowledge(queue, reference);
  }

  @Override
  public void acknowledgeUpTo(Received last) throws ActiveMQException {
    List<MessageReference> settled;
    synchronized (this) {
      settled = held.settleUpTo(last.number());
    }
    for (MessageReference reference : settled) {
      settlement.acknowledge(queue, reference);
    }
  }

  /// Takes no more, and puts back what is held, in order.
  void close(Transaction none, OperationContext context) throws ActiveMQException {
    List<MessageReference> back;
    List<MessageReference> unfinished;
    synchronized (this) {
      closed = true;
      unfinished = held.begun();
      back = held.clear();
    }
    queue.removeConsumer(this);
    for (MessageReference reference : unfinished) {
      // a stage that stops is not a process that dies
      interior.survived(reference, context);
    }
    interior.run(
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
    if (Received.isNewer(reference.getMessage())) {
      return HandleStatus.NO_MATCH;
    }
    int size = taker == null ? reference.getMessage().getEncodeSize() : 1;
    synchronized (this) {
      if (closed || stopped || taken >= limit) {
        refused = true;
        return HandleStatus.BUSY;
      }
      taken += size;
      if (settled == Settled.BY_THE_READER) {
        held.add(reference);
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
    if (closed) {
      return;
    }
    if (taker != null) {
      taker.take(received(reference), () -> makeRoom(1));
    } else {
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
    return held.all();
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
