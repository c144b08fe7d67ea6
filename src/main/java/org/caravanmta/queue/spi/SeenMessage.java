package org.caravanmta.queue.spi;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.SimpleString;

/// A message on a queue, as far as it can be seen without taking it.
///
/// @param number the broker's name for it, as long as it is on this queue
/// @param properties what selectors know of it
/// @param bytes absent where the broker does not give them
public record SeenMessage(long number, Map<String, Object> properties, Optional<byte[]> bytes) {
  /// @param message of the client, or of the embedded broker itself
  public static SeenMessage of(ICoreMessage message) {
    var properties = new HashMap<String, Object>();
    for (SimpleString name : message.getPropertyNames()) {
      Object value = message.getObjectProperty(name);
      if (value != null) {
        properties.put(
            name.toString(), value instanceof SimpleString text ? text.toString() : value);
      }
    }
    var buffer = message.getReadOnlyBodyBuffer();
    var bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return new SeenMessage(message.getMessageID(), properties, Optional.of(bytes));
  }
}
