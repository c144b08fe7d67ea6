package org.caravanmta.queue.reader;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QuestionChannel;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes questions and sends the stage's answers. A question whose time is up is never seen here:
/// the broker and the client drop it.
public final class QuestionReader extends QueueReader {
  private static final Logger LOG = LoggerFactory.getLogger(QuestionReader.class);

  /// Bytes of questions that wait on this side of the connection; few, so that other readers of the
  /// queue get theirs.
  private static final int PREFETCH = 128 << 10;

  private final int window;
  private final Semaphore places;

  /// Never counted down: a reader with nothing to do waits for it.
  private final CountDownLatch idle = new CountDownLatch(1);

  /// @param window how many are answered at a time, each on a virtual thread; 0: one, on the
  ///   reader's
  public QuestionReader(
      String queue, int number, QueueStage stage, QueueRuntime queues, int window) {
    super(queue, number, stage, queues);
    this.window = window;
    this.places = new Semaphore(Math.max(1, window));
  }

  @Override
  protected Link link() throws ActiveMQException {
    return queues.broker().asking();
  }

  @Override
  protected void work(Link link) throws ActiveMQException {
    Optional<Link.Push> given =
        window == 0
            ? Optional.empty()
            : link.push(queue, window, (question, done) -> taken(link, question, done));
    if (given.isPresent()) {
      stand(given.get());
    } else {
      receive(link);
    }
    drain();
  }

  /// Questions come by themselves.
  private void stand(Link.Push questions) throws ActiveMQException {
    while (!stopping()) {
      await(() -> idle.await(1, TimeUnit.SECONDS) ? idle : null);
      checkOpen(questions);
    }
    questions.stop();
  }

  private void taken(Link link, Received question, Runnable done) {
    // the queue gives no more than there are places; only a reader that stops has taken them all,
    // and the queue's thread does not wait for one
    boolean placed = places.tryAcquire();
    Thread.ofVirtual()
        .name(queue)
        .start(
            () -> {
              try {
                answer(link, question);
              } finally {
                places.release(placed ? 1 : 0);
                done.run();
              }
            });
  }

  private void receive(Link link) throws ActiveMQException {
    QueueIntake questions = link.open(queue, PREFETCH);
    while (!stopping()) {
      if (await(() -> places.tryAcquire(1, TimeUnit.SECONDS) ? places : null) == null) {
        checkOpen(questions);
        continue;
      }
      Received question = null;
      try {
        question = await(questions);
      } finally {
        if (question == null) {
          places.release();
        }
      }
      if (question != null) {
        begin(link, question);
      }
    }
  }

  private void begin(Link link, Received question) {
    if (window == 0) {
      answerAndLeave(link, question);
    } else {
      Thread.ofVirtual().name(queue).start(() -> answerAndLeave(link, question));
    }
  }

  private void answerAndLeave(Link link, Received question) {
    try {
      answer(link, question);
    } finally {
      places.release();
    }
  }

  private void answer(Link link, Received question) {
    try {
      String replyTo = question.message().getStringProperty(QuestionChannel.REPLY_TO);
      if (replyTo == null) {
        LOG.error("{}: a message that is not a question, dropped", queue);
        return;
      }
      Long number =
          Objects.requireNonNull(
              question.message().getLongProperty(QuestionChannel.QUESTION), "no question");
      Frame reply;
      try {
        byte[] answer = stage.answer(question.bytes());
        reply = new Frame(replyTo, answer, Map.of(QuestionChannel.QUESTION, number), false);
      } catch (QueueStage.Unanswerable e) {
        String why = String.valueOf(e.getMessage());
        LOG.error("{}: the stage broke on a question: {}", queue, why);
        reply =
            new Frame(
                replyTo,
                new byte[0],
                Map.of(QuestionChannel.QUESTION, number, QuestionChannel.FAILED, why),
                false);
      }
      link.send(reply);
      queues.figures().out(queue, 1);
    } catch (ActiveMQException | RuntimeException e) {
      LOG.warn("{}: an answer was lost: {}", queue, e.toString());
    }
  }

  /// Lets what is being answered end.
  private void drain() {
    try {
      if (!places.tryAcquire(Math.max(1, window), 15, TimeUnit.SECONDS)) {
        LOG.warn("{}: stopped while questions were being answered", queue);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
