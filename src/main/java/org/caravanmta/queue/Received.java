package org.caravanmta.queue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;

/// A message as it came from a queue, not yet decoded.
///
/// @param deliveries how often it has been handed over, this time included
/// @param handle by which the intake it came from settles it
record Received(String queue, Message message, byte[] bytes, int deliveries, Object handle) {
  private static final SimpleString ID = SimpleString.of(Frame.ID);
  private static final SimpleString CONTENT = SimpleString.of(Frame.CONTENT);
  private static final SimpleString DUE = SimpleString.of(Frame.DUE);
  private static final SimpleString QUEUED = SimpleString.of(Frame.QUEUED);

  private static final int LONGEST_WHY = 1000;

  static Received of(String queue, ICoreMessage message, int deliveries, Object handle) {
    return new Received(queue, message, body(message), deliveries, handle);
  }

  static byte[] body(ICoreMessage message) {
    ActiveMQBuffer buffer = message.getBodyBuffer();
    var bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /// The broker's name for it, the same each time it is delivered.
  long number() {
    return message.getMessageID();
  }

  /// The message's id, or the broker's number where it has none.
  String id() {
    return text(ID).orElseGet(() -> "#" + number());
  }

  /// The reference of the stored content it holds.
  Optional<String> content() {
    return text(CONTENT);
  }

  /// Not to be taken before this, in milliseconds since 1970.
  long due() {
    return message.getObjectProperty(DUE) instanceof Long due ? due : 0;
  }

  /// When it entered the queue, in milliseconds since 1970.
  long queued() {
    return message.getObjectProperty(QUEUED) instanceof Long at ? at : message.getTimestamp();
  }

  /// These bytes on the queue `dead`, with what was known of them. The broker's own properties
  /// (`_AMQ…`) stay behind: some of them, copied, would make a queue drop or delay the message.
  Frame dead(String why) {
    Map<String, Object> properties = new HashMap<>();
    for (SimpleString name : message.getPropertyNames()) {
      if (!name.toString().startsWith("_AMQ")) {
        Object value = message.getObjectProperty(name);
        properties.put(
            name.toString(), value instanceof SimpleString text ? text.toString() : value);
      }
    }
    properties.put(Frame.WHY, why.substring(0, Math.min(why.length(), LONGEST_WHY)));
    return new Frame(Topology.DEAD, bytes, properties, true);
  }

  private Optional<String> text(SimpleString property) {
    return Optional.ofNullable(message.getObjectProperty(property)).map(Object::toString);
  }
}
