package org.caravanmta.queue.reader;

import java.time.Duration;
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
public final class QuestionReader extends QueueReader implements Answerers.Answerer {
  private static final Logger LOG = LoggerFactory.getLogger(QuestionReader.class);

  /// Bytes of questions that wait on this side of the broker in this process. From one elsewhere
  /// each is fetched when there is a place for it, so that other nodes get theirs.
  private static final int PREFETCH = 128 << 10;

  private final int window;
  private final Semaphore places;
  private final Underway underway = new Underway();

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
  public void start() {
    super.start();
    queues.answerers().add(queue, this);
  }

  @Override
  public void stop(Duration patience) {
    queues.answerers().remove(queue, this);
    super.stop(patience);
  }

  /// Answers a question of this process, if there is a place for it.
  ///
  /// @return whether there was
  @Override
  public boolean answers(byte[] question, Answerers.Asker asker) {
    // one that came over the link and waits for a place is earlier
    if (stopping() || places.hasQueuedThreads() || !places.tryAcquire()) {
      return false;
    }
    Thread.ofVirtual()
        .name(queue)
        .start(
            () -> {
              try {
                answerHere(question, asker);
              } finally {
                places.release();
              }
            });
    return true;
  }

  private void answerHere(byte[] question, Answerers.Asker asker) {
    byte[] answer;
    try {
      answer = stage.answer(question);
    } catch (QueueStage.Unanswerable e) {
      String why = broke(e);
      asker.answered(new byte[0], why);
      return;
    }
    asker.answered(answer, null);
    queues.figures().out(queue, 1);
  }

  private String broke(QueueStage.Unanswerable cause) {
    String why = String.valueOf(cause.getMessage());
    LOG.error("{}: the stage broke on a question: {}", queue, why);
    return why;
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
    QueueIntake questions = link.open(queue, queues.broker().elsewhere() ? 0 : PREFETCH);
    Thread signs = Thread.ofVirtual().name(queue + "-signs").start(() -> sign(link));
    try {
      while (!stopping()) {
        // what is taken too early waits, though another node may have a place for it
        Received question = isFree(questions) ? await(questions) : null;
        if (question != null && placed(questions)) {
          begin(link, question);
        }
      }
    } finally {
      signs.interrupt();
    }
  }

  /// Waits a while until there is a place, which stays free.
  private boolean isFree(QueueIntake questions) throws ActiveMQException {
    boolean free = await(() -> places.tryAcquire(1, TimeUnit.SECONDS) ? places : null) != null;
    if (free) {
      places.release();
    } else {
      checkOpen(questions);
    }
    return free;
  }

  /// A place for a question that is here, even if one of this process has taken the last meanwhile.
  private boolean placed(QueueIntake questions) throws ActiveMQException {
    while (!stopping()) {
      if (await(() -> places.tryAcquire(1, TimeUnit.SECONDS) ? places : null) != null) {
        return true;
      }
      checkOpen(questions);
    }
    return places.tryAcquire();
  }

  private void sign(Link link) {
    try {
      while (true) {
        Thread.sleep(QuestionChannel.SIGN);
        underway.tell(link);
      }
    } catch (InterruptedException e) {
      // the link closes
    }
  }

  private void begin(Link link, Received question) {
    if (!Underway.Question.of(question).map(underway::begin).orElse(true)) {
      // it is here already
      places.release();
    } else if (window == 0) {
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
      Underway.Question.of(question).ifPresent(underway::end);
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
        String why = broke(e);
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
