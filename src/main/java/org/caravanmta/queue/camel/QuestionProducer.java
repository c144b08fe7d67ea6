package org.caravanmta.queue.camel;

import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step `to: artemis:NAME?exchangePattern=InOut`: puts the body as a question to the stage
/// NAME, and goes on with the answer as the body, on the thread that brought it.
final class QuestionProducer extends DefaultAsyncProducer {
  private static final Logger LOG = LoggerFactory.getLogger(QuestionProducer.class);

  private final ArtemisEndpoint endpoint;
  private final ArtemisComponent queues;

  QuestionProducer(ArtemisEndpoint endpoint, ArtemisComponent queues) {
    super(endpoint);
    this.endpoint = endpoint;
    this.queues = queues;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      Object question = exchange.getMessage().getBody();
      if (question == null) {
        throw new IllegalArgumentException("no question for artemis:" + endpoint.getName());
      }
      var frame =
          new Frame(
              endpoint.getName(), queues.runtime().codecs().encode(question), Map.of(), false);
      queues
          .sending()
          .requests()
          .ask(frame, endpoint.getRequestTimeout(), new Waiting(exchange, callback, question));
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
      String text = endpoint.getName() + ": " + why;
      try {
        Unanswered declared = endpoint.getUnanswered();
        if (declared == null) {
          throw new QueueUnavailable(text);
        }
        LOG.warn("{}", text);
        exchange.getMessage().setBody(declared.answer(question, text));
      } catch (RuntimeException e) {
        exchange.setException(e);
      }
      callback.done(false);
    }
  }
}
