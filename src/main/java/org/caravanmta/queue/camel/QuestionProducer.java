package org.caravanmta.queue.camel;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step `to: artemis:NAME?exchangePattern=InOut`: puts the body as a question to the stage
/// NAME, and goes on with the answer as the body, on the thread that brings the answer.
final class QuestionProducer extends DefaultAsyncProducer {
  private static final Logger LOG = LoggerFactory.getLogger(QuestionProducer.class);

  private final String name;
  private final Duration patience;
  private final @Nullable Unanswered unanswered;
  private final ContextQueues queues;

  /// @param name of the queue
  /// @param patience how long a question waits
  /// @param unanswered what to go on with then; null: the exchange fails
  QuestionProducer(
      Endpoint endpoint,
      String name,
      Duration patience,
      @Nullable Unanswered unanswered,
      ContextQueues queues) {
    super(endpoint);
    this.name = name;
    this.patience = patience;
    this.unanswered = unanswered;
    this.queues = queues;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      Object question = exchange.getMessage().getBody();
      if (question == null) {
        throw new IllegalArgumentException("no question for artemis:" + name);
      }
      var frame = new Frame(name, queues.runtime().codecs().encode(question), Map.of(), false);
      queues.sending().requests().ask(frame, patience, new Waiting(exchange, callback, question));
      return false;
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }

  /// The exchange that waits for an answer.
  private final class Waiting implements Requests.Asker {
    private final Exchange exchange;
    private final AsyncCallback callback;
    private final Object question;

    Waiting(Exchange exchange, AsyncCallback callback, Object question) {
      this.exchange = exchange;
      this.callback = callback;
      this.question = question;
    }

    @Override
    public void answered(byte[] reply) {
      Object answer;
      try {
        answer = queues.runtime().codecs().decode(reply);
      } catch (RuntimeException e) {
        unanswered("an answer that cannot be read: " + e.getMessage());
        return;
      }
      exchange.getMessage().setBody(answer);
      callback.done(false);
    }

    @Override
    public void unanswered(String why) {
      String text = name + ": " + why;
      try {
        if (unanswered == null) {
          throw new QueueUnavailable(text);
        }
        LOG.warn("{}", text);
        exchange.getMessage().setBody(unanswered.answer(question, text));
      } catch (RuntimeException e) {
        exchange.setException(e);
      }
      callback.done(false);
    }
  }
}
