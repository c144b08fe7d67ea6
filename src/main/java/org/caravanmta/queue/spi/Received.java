package org.caravanmta.queue.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Wire;

/// A message as it came from a queue, not yet decoded.
///
/// @param deaths how often the process has ended while it processed this one, as far as that is
///   known; 0 where the broker is elsewhere, whose count of deliveries goes up when any node dies
/// @param handle by which the intake it came from settles it
/// @param along further ones that `bytes` say, too, and that are settled with it
public record Received(
    String queue, Message message, byte[] bytes, int deaths, Object handle, List<Received> along) {
  private static final SimpleString ID = SimpleString.of(Frame.ID);
  private static final SimpleString CONTENT = SimpleString.of(Frame.CONTENT);
  private static final SimpleString NEXT_HOP = SimpleString.of(Frame.NEXT_HOP);
  private static final SimpleString DUE = SimpleString.of(Frame.DUE);
  private static final SimpleString QUEUED = SimpleString.of(Frame.QUEUED);
  private static final SimpleString PASSAGES = SimpleString.of(Frame.PASSAGES);
  private static final SimpleString VERSION = SimpleString.of(Frame.VERSION);

  /// What a broker elsewhere gives us: all that we read.
  public static final SimpleString READABLE =
      SimpleString.of("%1$s IS NULL OR %1$s <= %2$d".formatted(Frame.VERSION, (int) Wire.VERSION));

  private static final int LONGEST_WHY = 1000;

  /// From a broker elsewhere.
  public static Received of(String queue, ICoreMessage message, Object handle) {
    return new Received(queue, message, body(message), 0, handle, List.of());
  }

  /// This one and `others` as one, whose body is `joined`.
  public Received with(List<Received> others, byte[] joined) {
    return new Received(queue, message, joined, deaths, handle, others);
  }

  public static byte[] body(ICoreMessage message) {
    ActiveMQBuffer buffer = message.getBodyBuffer();
    var bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /// The broker's name for it, the same each time it is delivered.
  public long number() {
    return message.getMessageID();
  }

  /// The message's id, or the broker's number where it has none.
  public String id() {
    return text(ID).orElseGet(() -> "#" + number());
  }

  /// The references of the stored contents it holds.
  public List<String> contents() {
    return all().stream().flatMap(each -> each.text(CONTENT).stream()).toList();
  }

  /// This one and those along with it.
  public List<Received> all() {
    return along.isEmpty()
        ? List.of(this)
        : Stream.concat(Stream.of(this), along.stream()).toList();
  }

  /// Whether the operator has moved it to the queue it came from.
  public boolean wasMoved() {
    return message.getObjectProperty(Message.HDR_ORIGINAL_QUEUE) != null;
  }

  /// Not to be taken before this, in milliseconds since 1970.
  public long due() {
    return message.getObjectProperty(DUE) instanceof Long due ? due : 0;
  }

  /// When it entered the queue, in milliseconds since 1970.
  public long queued() {
    return message.getObjectProperty(QUEUED) instanceof Long at ? at : message.getTimestamp();
  }

  /// Stages it has been through without a wait.
  public int passages() {
    return message.getObjectProperty(PASSAGES) instanceof Integer passages ? passages : 0;
  }

  /// Whether it says that only a newer program can read it.
  public static boolean isNewer(Message message) {
    return message.getObjectProperty(VERSION) instanceof Integer version && version > Wire.VERSION;
  }

  /// These bytes on the queue `dead`, with what was known of them.
  public Frame dead(String why) {
    var properties = properties();
    properties.put(Frame.WHY, why.substring(0, Math.min(why.length(), LONGEST_WHY)));
    return new Frame(Queues.DEAD, bytes, properties, true);
  }

  /// Where it is to be delivered; empty for what is not.
  public Optional<String> nextHop() {
    return text(NEXT_HOP);
  }

  /// The same on another queue, or at the end of its own.
  public Frame on(String other) {
    return new Frame(other, bytes, properties(), true);
  }

  /// These bytes on the queue they came from, where programs that read their version take them.
  public Frame left(Malformed.Newer newer) {
    var properties = properties();
    properties.put(Frame.VERSION, newer.version());
    properties.put(Frame.WHY, String.valueOf(newer.getMessage()));
    return new Frame(queue, bytes, properties, true);
  }

  private Map<String, Object> properties() {
    return Frame.carried(message);
  }

  private Optional<String> text(SimpleString property) {
    return Optional.ofNullable(message.getObjectProperty(property)).map(Object::toString);
  }
}
