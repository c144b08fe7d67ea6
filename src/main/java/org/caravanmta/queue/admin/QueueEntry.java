package org.caravanmta.queue.admin;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.Message;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Glance;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Malformed;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.SeenMessage;

/// One message on one queue, as the operator sees it.
///
/// @param number the broker's name for it, as long as it is on this queue
/// @param taken a stage has taken it and not settled it yet
/// @param properties what the broker's selectors know of it
/// @param glance absent when it is not mail, cannot be decoded, or its bytes are out of reach
/// @param bytes absent when they are out of reach
public record QueueEntry(
    String queue,
    long number,
    boolean taken,
    Map<String, Object> properties,
    Optional<Glance> glance,
    Optional<byte[]> bytes) {
  /// Of what is on no queue: mail knows its own.
  private static final String SIZE = "size";

  static QueueEntry of(String queue, boolean taken, SeenMessage seen, Codecs codecs) {
    return new QueueEntry(
        queue,
        seen.number(),
        taken,
        seen.properties(),
        seen.bytes().flatMap(bytes -> glance(bytes, codecs)),
        seen.bytes());
  }

  static QueueEntry of(Unqueued unqueued) {
    var properties = new java.util.HashMap<String, Object>();
    properties.put(Frame.ID, unqueued.name());
    properties.put(Frame.SENDER, unqueued.sender());
    properties.put(Frame.ARRIVED, unqueued.since().toEpochMilli());
    properties.put(SIZE, unqueued.size());
    if (!unqueued.why().isEmpty()) {
      properties.put(Frame.WHY, unqueued.why());
    }
    return new QueueEntry(
        unqueued.place(), 0, false, properties, Optional.empty(), Optional.empty());
  }

  private static Optional<Glance> glance(byte[] bytes, Codecs codecs) {
    try {
      return codecs.glance(bytes);
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /// All of it; absent when it is not mail, cannot be decoded, or its bytes are out of reach.
  public Optional<Mail> mail(Codecs codecs) {
    try {
      return bytes.flatMap(all -> codecs.mail(codecs.decode(all)));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  public Optional<String> id() {
    return text(Frame.ID);
  }

  public Optional<String> content() {
    return text(Frame.CONTENT);
  }

  /// Why a stage broke on it, where one did.
  public Optional<String> why() {
    return text(Frame.WHY);
  }

  public String sender() {
    return text(Frame.SENDER).orElse("");
  }

  public Optional<Instant> arrived() {
    return time(Frame.ARRIVED);
  }

  /// When it entered the queue it is on.
  Optional<Instant> queued() {
    return time(Frame.QUEUED);
  }

  /// Not tried before this; absent where messages do not wait for a time.
  public Optional<Instant> due() {
    return Queues.isDeferred(queue) ? time(Frame.DUE) : Optional.empty();
  }

  public int attempt() {
    return properties.get(Frame.ATTEMPT) instanceof Number attempt ? attempt.intValue() : 0;
  }

  public long size() {
    return glance
        .map(Glance::size)
        .orElse(properties.get(SIZE) instanceof Number size ? size.longValue() : 0L);
  }

  public List<Recipient> recipients() {
    return glance.map(seen -> seen.envelope().recipients()).orElse(List.of());
  }

  /// Why it is in the quarantine.
  public Optional<Custody> custody() {
    return glance.flatMap(seen -> seen.envelope().passage().custody());
  }

  /// Where the last attempt went, or the next goes.
  public Optional<Destination> destination() {
    return glance.flatMap(seen -> seen.envelope().destination());
  }

  /// Whether it is about recipients who have failed, of which the sender has not been told yet.
  public boolean failed() {
    return glance.flatMap(Glance::notice).filter(Notice.Action.FAILED::equals).isPresent();
  }

  /// Whether a stage is at it right now (Postfix: the active queue). The reader of a lane holds
  /// what waits there, and is at none of it.
  public boolean active() {
    return taken && !Queues.isDeferred(queue);
  }

  /// Whether the operator has moved it to this queue: from a lane, it is on its way to be tried.
  boolean wasMoved() {
    return properties.containsKey(Message.HDR_ORIGINAL_QUEUE.toString());
  }

  private Optional<String> text(String property) {
    return Optional.ofNullable(properties.get(property)).map(Object::toString);
  }

  private Optional<Instant> time(String property) {
    return properties.get(property) instanceof Number millis
        ? Optional.of(Instant.ofEpochMilli(millis.longValue()))
        : Optional.empty();
  }
}
