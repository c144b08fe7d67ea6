package org.caravanmta.queue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQObjectClosedException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that takes messages from one queue, on a connection of its own, and makes a new one
/// for as long as it takes when that breaks.
abstract class QueueReader {
  /// A message that comes back more often has taken the process with it each time.
  static final int MOST_REDELIVERIES = 5;

  private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// How long a wait for mail lasts before the connection is looked at again, in milliseconds.
  private static final long WAIT = 10_000;

  protected final String queue;
  protected final Stage stage;
  protected final ArtemisComponent queues;
  private final Interruption interruption = new Interruption();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private int ensured;
  private Duration pause = FIRST_PAUSE;

  /// Faults of the broker that this reader has lived through. Each may have put every message back,
  /// and is no fault of theirs.
  private volatile int breaks;

  QueueReader(String queue, int number, Stage stage, ArtemisComponent queues) {
    this.queue = queue;
    this.stage = stage;
    this.queues = queues;
    this.thread = Thread.ofPlatform().daemon().name(queue + "-" + number).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Takes no more; what is in flight is finished, and what was not begun goes back.
  void stop() {
    stopping.countDown();
    interruption.ask();
  }

  /// @return whether it ended within that time
  boolean join(Duration patience) throws InterruptedException {
    return thread.join(patience);
  }

  boolean stopping() {
    return interruption.asked();
  }

  /// Takes and settles until {@link #stopping}, or until the connection fails.
  protected abstract void work(ClientSessionFactory connection) throws ActiveMQException;

  /// The next message; null when there was none for a while, or it is time to stop.
  protected @Nullable ClientMessage await(ClientConsumer consumer) throws ActiveMQException {
    ClientMessage next = interruption.<ClientMessage>during(() -> consumer.receive(WAIT));
    if (next == null) {
      checkOpen(consumer);
    }
    return next;
  }

  protected void checkOpen(ClientConsumer consumer) throws ActiveMQException {
    if (consumer.isClosed() && !stopping()) {
      throw new ActiveMQObjectClosedException("the connection to the broker broke");
    }
  }

  /// Waits otherwise, and as promptly ended.
  protected <T> @Nullable T await(Interruption.Wait<T> wait) throws ActiveMQException {
    return interruption.during(wait);
  }

  protected Stage.Outcome pass(Received received) {
    int again = received.message().getDeliveryCount() - 1 - breaks;
    return again > MOST_REDELIVERIES ? stage.givenUp(received, again) : stage.pass(received);
  }

  /// Sends what a message has turned into, within the session's transaction.
  protected void send(ClientSession session, ClientProducer to, Stage.Outcome outcome)
      throws ActiveMQException {
    if (ensured != queues.topology().version()) {
      ensured = queues.topology().ensure(session);
    }
    for (Frame frame : outcome.frames()) {
      to.send(SimpleString.of(frame.queue()), frame.message(session));
    }
  }

  /// What follows from a commit that succeeded.
  protected void settled(Stage.Outcome outcome) {
    pause = FIRST_PAUSE;
    queues.figures().out(queue);
    for (Frame frame : outcome.frames()) {
      queues.figures().in(frame.queue());
    }
    outcome.released().ifPresent(this::release);
  }

  private void release(String ref) {
    try {
      queues.claims().release(ref);
    } catch (RuntimeException e) {
      LOG.warn("content {} stays until the next sweep: {}", ref, e.toString());
    }
  }

  private void run() {
    while (!stopping()) {
      try (ClientSessionFactory connection = queues.connections().open()) {
        try (ClientSession session = queues.connections().direct(connection)) {
          ensured = queues.topology().ensure(session);
        }
        work(connection);
      } catch (ActiveMQException | RuntimeException | Error e) {
        if (Faults.ofTheBroker(e)) {
          breaks++;
        }
        if (!stopping()) {
          LOG.warn(
              "{}: interrupted, goes on in {} ms: {}", queue, pause.toMillis(), e.getMessage());
          rest();
        }
      }
    }
  }

  private void rest() {
    try {
      stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pause =
        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
  }
}
