package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQObjectClosedException;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Interruption;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that takes messages from one queue, over a link of its own, and makes a new one for
/// as long as it takes when that breaks.
public abstract class QueueReader {
  /// A message on which the process has ended more often, or whose outcome was refused more often,
  /// is to blame.
  public static final int MOST_FAILURES = 5;

  private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// Between two tries to reach a broker that is away.
  private static final Duration LONGEST_ABSENCE = Duration.ofMillis(500);

  /// How long a wait for mail lasts before the connection is looked at again, in milliseconds.
  private static final long WAIT = 10_000;

  protected final String queue;
  protected final QueueStage stage;
  protected final QueueRuntime queues;
  private final Interruption interruption = new Interruption();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile Duration lastPatience = Duration.ZERO;
  private int ensured;
  private Duration pause = FIRST_PAUSE;

  QueueReader(String queue, int number, QueueStage stage, QueueRuntime queues) {
    this.queue = queue;
    this.stage = stage;
    this.queues = queues;
    this.thread = Thread.ofPlatform().daemon().name(queue + "-" + number).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// Takes no more; what is in flight is finished, and what was not begun goes back.
  ///
  /// @param patience how long what is in flight may take; what has not landed then goes back, too,
  ///   and may be processed twice
  public void stop(Duration patience) {
    lastPatience = patience;
    stopping.countDown();
    interruption.ask();
  }

  /// Changes how long what is in flight may take, as when the process ends meanwhile.
  public void allow(Duration patience) {
    lastPatience = patience;
  }

  /// @return whether it ended within that time
  public boolean join(Duration patience) throws InterruptedException {
    return thread.join(patience);
  }

  /// How long what is in flight may take, once it is {@link #stopping}.
  Duration lastPatience() {
    return lastPatience;
  }

  boolean stopping() {
    return interruption.asked();
  }

  /// The way to the broker of this kind of reader.
  protected Link link() throws ActiveMQException {
    return queues.broker().settling();
  }

  /// Takes and settles until {@link #stopping}, or until the link fails.
  protected abstract void work(Link link) throws ActiveMQException;

  /// The next message; null when there was none for a while, or it is time to stop.
  protected @Nullable Received await(QueueIntake intake) throws ActiveMQException {
    return await(intake, WAIT);
  }

  /// @param patience in milliseconds
  protected @Nullable Received await(QueueIntake intake, long patience) throws ActiveMQException {
    Received next = interruption.<Received>during(() -> intake.receive(patience));
    if (next == null) {
      checkOpen(intake);
    }
    return next;
  }

  protected void checkOpen(QueueIntake intake) throws ActiveMQException {
    if (intake.closed() && !stopping()) {
      throw new ActiveMQObjectClosedException("the connection to the broker broke");
    }
  }

  /// Waits for something else than a message; ends as promptly when the reader is stopped.
  protected <T> @Nullable T await(Interruption.Wait<T> wait) throws ActiveMQException {
    return interruption.during(wait);
  }

  /// Whether the process may have ended on this message before: then it is processed alone.
  protected boolean suspect(Received received) {
    return received.deaths() > 0 && received.deaths() <= MOST_FAILURES;
  }

  protected QueueStage.Outcome pass(Received received) {
    return received.deaths() > MOST_FAILURES
        ? stage.givenUp(
            received,
            "this process has ended %d times while it was processed".formatted(received.deaths()))
        : stage.pass(received);
  }

  protected QueueStage.Outcome refused(Received received, int times) {
    return stage.givenUp(
        received, "what became of it was refused by the broker %d times".formatted(times));
  }

  /// Sends what a message has turned into, within the link's transaction.
  protected void send(Link link, QueueStage.Outcome outcome) throws ActiveMQException {
    if (ensured != queues.topology().version()) {
      ensured = link.ensure(queues.topology());
    }
    for (Frame frame : outcome.frames()) {
      link.send(frame);
    }
  }

  /// What follows from a commit that succeeded.
  protected void settled(QueueStage.Outcome outcome) {
    settled(queue, outcome);
  }

  /// @param from the queue of what was settled
  void settled(String from, QueueStage.Outcome outcome) {
    pause = FIRST_PAUSE;
    queues.figures().out(from, outcome.taken());
    for (Frame frame : outcome.frames()) {
      queues.figures().in(frame.queue());
    }
    outcome.released().forEach(this::release);
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
      boolean open = false;
      try (Link link = link()) {
        ensured = link.ensure(queues.topology());
        open = true;
        work(link);
      } catch (ActiveMQException | RuntimeException | Error e) {
        if (!stopping()) {
          boolean away = Faults.ofTheWay(e);
          if (open || !away) {
            LOG.warn("{}: interrupted, goes on soon: {}", queue, e.getMessage());
          } else {
            LOG.debug("{}: the broker is away: {}", queue, e.getMessage());
          }
          rest(away ? LONGEST_ABSENCE : LONGEST_PAUSE);
        }
      }
    }
  }

  /// @param longest the most that is waited
  private void rest(Duration longest) {
    Duration now = pause.compareTo(longest) < 0 ? pause : longest;
    try {
      stopping.await(now.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pause = now.multipliedBy(2);
  }
}
