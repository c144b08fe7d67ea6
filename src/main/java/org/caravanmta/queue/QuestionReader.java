package org.caravanmta.queue;

import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes questions and sends the stage's answers. A question whose time is up is never seen here:
/// the broker and the client drop it.
final class QuestionReader extends QueueReader {
  private static final Logger LOG = LoggerFactory.getLogger(QuestionReader.class);

  /// Bytes of questions that wait on this side of the connection; few, so that other readers of the
  /// queue get theirs.
  private static final int PREFETCH = 128 << 10;

  private final int window;
  private final Semaphore places;
  private final ReentrantLock sending = new ReentrantLock();

  /// @param window how many are answered at a time, each on a virtual thread; 0: one, on the
  ///   reader's
  QuestionReader(String queue, int number, Stage stage, ArtemisComponent queues, int window) {
    super(queue, number, stage, queues);
    this.window = window;
    this.places = new Semaphore(Math.max(1, window));
  }

  @Override
  protected void work(ClientSessionFactory connection) throws ActiveMQException {
    try (ClientSession questions = queues.connections().direct(connection);
        ClientSession answers = queues.connections().direct(connection)) {
      var consumer = questions.createConsumer(SimpleString.of(queue), null, PREFETCH, -1, false);
      var producer = answers.createProducer();
      questions.start();
      while (!stopping()) {
        if (await(() -> places.tryAcquire(1, TimeUnit.SECONDS) ? places : null) == null) {
          checkOpen(consumer);
          continue;
        }
        ClientMessage question = null;
        try {
          question = await(consumer);
        } finally {
          if (question == null) {
            places.release();
          }
        }
        if (question != null) {
          begin(answers, producer, question);
        }
      }
      drain();
    }
  }

  private void begin(ClientSession answers, ClientProducer producer, ClientMessage question) {
    if (window == 0) {
      answer(answers, producer, question);
    } else {
      Thread.ofVirtual().name(queue).start(() -> answer(answers, producer, question));
    }
  }

  private void answer(ClientSession answers, ClientProducer producer, ClientMessage question) {
    try {
      String replyTo = question.getStringProperty(Requests.REPLY_TO);
      if (replyTo == null) {
        LOG.error("{}: a message that is no question, dropped", queue);
        return;
      }
      ClientMessage reply = answers.createMessage(Message.BYTES_TYPE, false);
      reply.putLongProperty(
          Requests.QUESTION,
          Objects.requireNonNull(question.getLongProperty(Requests.QUESTION), "no question"));
      try {
        reply.getBodyBuffer().writeBytes(stage.answer(Received.body(question)));
      } catch (Stage.Unanswerable e) {
        LOG.error("{}: the stage broke on a question: {}", queue, e.getMessage());
        reply.putStringProperty(Requests.FAILED, String.valueOf(e.getMessage()));
      }
      sending.lock();
      try {
        producer.send(replyTo, reply);
      } finally {
        sending.unlock();
      }
      queues.figures().out(queue);
    } catch (ActiveMQException | RuntimeException e) {
      LOG.warn("{}: an answer was lost: {}", queue, e.toString());
    } finally {
      places.release();
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
