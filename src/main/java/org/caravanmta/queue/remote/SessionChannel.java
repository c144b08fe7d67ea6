package org.caravanmta.queue.remote;

import java.util.UUID;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.caravanmta.queue.spi.AnswerListener;
import org.caravanmta.queue.spi.Break;
import org.caravanmta.queue.spi.Connections;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.QuestionChannel;
import org.caravanmta.queue.spi.Received;
import org.caravanmta.queue.spi.Send;
import org.caravanmta.queue.spi.Topology;

/// A channel over a connection to a broker elsewhere, with a reply queue of its own there.
public final class SessionChannel implements QuestionChannel {
  private final Connections connections;
  private final AnswerListener answers;
  private final Outlet outlet;

  /// Made anew with each connection; only the outlet's thread looks at it.
  private String replyTo = "";

  public SessionChannel(
      int number, Connections connections, Topology topology, AnswerListener answers) {
    this.connections = connections;
    this.answers = answers;
    this.outlet =
        new SessionOutlet("questions-" + number, connections, topology, false, this::open);
  }

  @Override
  public void ask(Frame frame, long question, long end, Consumer<String> failed) {
    outlet.send(
        new Send(
            frame,
            session -> {
              var message = frame.message(session);
              message.putLongProperty(QuestionChannel.QUESTION, question);
              message.putStringProperty(QuestionChannel.REPLY_TO, replyTo);
              message.putBooleanProperty(QuestionChannel.UNDER_WAY, true);
              message.setExpiration(end);
              return message;
            },
            failure -> {
              if (failure != null) {
                failed.accept(String.valueOf(failure.getMessage()));
              }
            }));
  }

  @Override
  public void expire() {
    outlet.expire(Outlet.PATIENCE);
  }

  @Override
  public void close() {
    outlet.close();
  }

  private ClientSession open(ClientSessionFactory connection) throws ActiveMQException {
    ClientSession replies = connections.direct(connection);
    replyTo = QuestionChannel.REPLIES + UUID.randomUUID();
    SimpleString there = connections.names().at(replyTo);
    replies.createQueue(
        QueueConfiguration.of(there)
            .setAddress(there)
            .setRoutingType(RoutingType.ANYCAST)
            .setDurable(false)
            .setTemporary(true)
            .setAutoCreateAddress(true));
    replies.createConsumer(there).setMessageHandler(this::answered);
    replies.addFailureListener(
        new Break(
            cause ->
                answers.lost(this, "the connection to the broker broke: " + cause.getMessage())));
    replies.start();
    return connections.direct(connection);
  }

  private void answered(ClientMessage reply) {
    long question = reply.getLongProperty(QuestionChannel.QUESTION);
    if (reply.containsProperty(QuestionChannel.UNDER_WAY)) {
      answers.underWay(question);
    } else {
      answers.answered(
          question, Received.body(reply), reply.getStringProperty(QuestionChannel.FAILED));
    }
  }
}
