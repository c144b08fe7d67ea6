package org.caravanmta.queue.embedded;

import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.AnswerListener;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.QuestionChannel;
import org.caravanmta.queue.spi.Topology;

/// A channel through the broker in this process. The stage that answers hands the answer over
/// itself.
public final class DirectChannel implements QuestionChannel {
  private final Interior interior;
  private final Topology topology;
  private final AnswerListener answers;
  private final String replyTo = QuestionChannel.REPLIES + UUID.randomUUID();
  private volatile int ensured;

  public DirectChannel(Interior interior, Topology topology, AnswerListener answers) {
    this.interior = interior;
    this.topology = topology;
    this.answers = answers;
    interior.expect(replyTo, this::answered);
  }

  @Override
  public void ask(Frame frame, long question, long end, Consumer<String> failed) {
    try {
      if (ensured != topology.version()) {
        ensured = interior.ensure(topology);
      }
      var message = frame.message(interior.number());
      message.putLongProperty(QuestionChannel.QUESTION, question);
      message.putStringProperty(QuestionChannel.REPLY_TO, replyTo);
      message.setExpiration(end);
      interior.route(message);
    } catch (ActiveMQException | RuntimeException e) {
      failed.accept(String.valueOf(Outlet.unavailable(e).getMessage()));
    }
  }

  @Override
  public void close() {
    interior.forget(replyTo);
  }

  /// What the asker does next may take its time, and not the stage's thread.
  private void answered(Frame answer) {
    if (Thread.currentThread().isVirtual()) {
      tell(answer);
    } else {
      Thread.ofVirtual().name("answered").start(() -> tell(answer));
    }
  }

  private void tell(Frame answer) {
    answers.answered(
        Objects.requireNonNull(
            (Long) answer.properties().get(QuestionChannel.QUESTION), "no question"),
        answer.bytes(),
        (String) answer.properties().get(QuestionChannel.FAILED));
  }
}
