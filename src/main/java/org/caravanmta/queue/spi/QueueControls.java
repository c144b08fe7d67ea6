package org.caravanmta.queue.spi;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.management.ManagementHelper;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.json.JsonArray;
import org.apache.activemq.artemis.json.JsonNumber;
import org.apache.activemq.artemis.json.JsonObject;
import org.apache.activemq.artemis.json.JsonString;
import org.apache.activemq.artemis.json.JsonValue;
import org.apache.activemq.artemis.utils.JsonLoader;

/// The broker's own operations on its queues, asked by messages: what it moves or removes it does
/// in a transaction of its own, page files included, so nothing is lost and nothing doubled.
public final class QueueControls {
  private static final String MANAGEMENT = "activemq.management";
  private static final long ANSWER_MILLIS = 60_000;

  /// What the broker calls a message's number in its lists.
  private static final String NUMBER = "messageID";

  /// Messages in one transaction of the broker's.
  private static final int AT_ONCE = 500;

  private final ClientSession session;
  private final Names names;

  /// @param session one whose sends take effect at once, started
  /// @param names what the queues are called at the broker
  public QueueControls(ClientSession session, Names names) {
    this.session = session;
    this.names = names;
  }

  /// @param filter a selector; empty for all
  /// @return how many were moved
  public int move(String queue, String filter, String target) throws Exception {
    return count(ask(queue, "moveMessages", AT_ONCE, filter, names.text(target), false, -1));
  }

  /// @return how many were removed
  public int remove(String queue, String filter) throws Exception {
    return count(ask(queue, "removeMessages", AT_ONCE, filter));
  }

  /// @param number of one message
  /// @return whether it was there
  public boolean move(String queue, long number, String target) throws Exception {
    return (Boolean) ask(queue, "moveMessage", number, names.text(target));
  }

  /// @param number of one message
  /// @return whether it was there
  public boolean remove(String queue, long number) throws Exception {
    return (Boolean) ask(queue, "removeMessage", number);
  }

  /// What consumers have taken and not settled: without the bytes, which the broker does not give.
  public List<SeenMessage> taken(String queue) throws Exception {
    var entries = new ArrayList<SeenMessage>();
    var consumers =
        JsonLoader.readArray(new StringReader((String) ask(queue, "listDeliveringMessagesAsJSON")));
    for (JsonValue consumer : consumers) {
      JsonArray messages = ((JsonObject) consumer).getJsonArray("elements");
      for (JsonValue message : messages) {
        Map<String, Object> properties = properties((JsonObject) message);
        long number = properties.get(NUMBER) instanceof Number known ? known.longValue() : 0;
        entries.add(new SeenMessage(number, properties, Optional.empty()));
      }
    }
    return entries;
  }

  private Object ask(String queue, String operation, Object... arguments) throws Exception {
    String replyTo = names.text(QuestionChannel.REPLIES + UUID.randomUUID());
    session.createQueue(
        QueueConfiguration.of(replyTo)
            .setAddress(replyTo)
            .setRoutingType(RoutingType.ANYCAST)
            .setDurable(false)
            .setTemporary(true)
            .setAutoCreateAddress(true));
    try (var replies = session.createConsumer(replyTo);
        var producer = session.createProducer(MANAGEMENT)) {
      ClientMessage question = session.createMessage(false);
      ManagementHelper.putOperationInvocation(
          question, ResourceNames.QUEUE + names.text(queue), operation, arguments);
      question.setReplyTo(SimpleString.of(replyTo));
      producer.send(question);
      ClientMessage reply = replies.receive(ANSWER_MILLIS);
      if (reply == null) {
        throw new QueueUnavailable("the broker does not answer");
      }
      Object result = ManagementHelper.getResult(reply);
      if (!ManagementHelper.hasOperationSucceeded(reply)) {
        throw new QueueUnavailable("the broker could not " + operation + ": " + result);
      }
      return result;
    } finally {
      delete(replyTo);
    }
  }

  private void delete(String queue) throws ActiveMQException {
    session.deleteQueue(SimpleString.of(queue));
  }

  private static int count(Object result) {
    return ((Number) result).intValue();
  }

  private static Map<String, Object> properties(JsonObject message) {
    var properties = new HashMap<String, Object>();
    message.forEach(
        (name, value) -> {
          switch (value) {
            case JsonString text -> properties.put(name, text.getString());
            case JsonNumber number -> properties.put(name, number.longValue());
            default -> {
              // a truth value or a structure of the broker's own
            }
          }
        });
    return properties;
  }
}
