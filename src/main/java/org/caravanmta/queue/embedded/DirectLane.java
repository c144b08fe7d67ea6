package org.caravanmta.queue.embedded;

import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.camel.Requests;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.Topology;

/// A lane through the broker in this process. The stage that answers hands the answer over itself.
public final class DirectLane implements Requests.Lane {
  private final Interior interior;
  private final Topology topology;
  private final Requests requests;
  private final String replyTo = Requests.REPLIES + UUID.randomUUID();
  private volatile int ensured;

  public DirectLane(Interior interior, Topology topology, Requests requests) {
    this.interior = interior;
    this.topology = topology;
    this.requests = requests;
    interior.expect(replyTo, this::answered);
  }

  @Override
  public void ask(Frame frame, long question, long end, Consumer<String> failed) {
    try {
      if (ensured != topology.version()) {
        ensured = interior.ensure(topology);
      }
      var message = frame.message(interior.number());
      message.putLongProperty(Requests.QUESTION, question);
      message.putStringProperty(Requests.REPLY_TO, replyTo);
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
    requests.answered(
        Objects.requireNonNull((Long) answer.properties().get(Requests.QUESTION), "no question"),
        answer.bytes(),
        (String) answer.properties().get(Requests.FAILED));
  }
}
