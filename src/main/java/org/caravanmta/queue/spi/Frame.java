package org.caravanmta.queue.spi;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ICoreMessage;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.core.message.impl.CoreMessage;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.message.Wire;

/// A task in the form in which it travels: the queue, the encoded body, and the few properties by
/// which selectors and the operator's verbs know a message.
public record Frame(String queue, byte[] bytes, Map<String, Object> properties, boolean durable) {
  public static final String ID = "id";
  public static final String SENDER = "sender";
  public static final String RECIPIENT_DOMAIN = "recipientDomain";

  /// Where mail that is to be delivered goes.
  public static final String NEXT_HOP = "nextHop";

  public static final String ATTEMPT = "attempt";
  public static final String DUE = "due";
  public static final String ARRIVED = "arrived";
  public static final String QUEUED = "queued";

  /// The reference of stored content.
  public static final String CONTENT = "content";

  /// The version of the encoding ({@link Wire}): what a program does not read, it does not take.
  public static final String VERSION = "version";

  /// Stages it has been through one after the other, without a wait in a lane.
  public static final String PASSAGES = "passages";

  /// The queue whose stage sent this one.
  public static final String FROM = "from";

  /// Why a message is on `dead`, or is taken by nobody.
  public static final String WHY = "why";

  public static Frame of(Task task, Codecs codecs, boolean durable) {
    byte[] bytes = codecs.encode(task.body());
    int version = bytes[0];
    return new Frame(
        task.queue(),
        bytes,
        codecs
            .mail(task.body())
            .map(mail -> describe(mail, version))
            .orElseGet(() -> Map.of(VERSION, version)),
        durable);
  }

  /// What a message says of itself, in a map of the caller's. The broker's own (`_AMQ…`) stay
  /// behind: some of them, copied, would make a queue drop or delay the message.
  public static Map<String, Object> carried(Message message) {
    Map<String, Object> properties = new HashMap<>();
    for (SimpleString name : message.getPropertyNames()) {
      Object value = message.getObjectProperty(name);
      if (value != null && !name.toString().startsWith("_AMQ")) {
        properties.put(
            name.toString(), value instanceof SimpleString text ? text.toString() : value);
      }
    }
    return properties;
  }

  /// This frame as the stage of a queue sends it.
  public Frame from(String stage, int passages) {
    var more = new HashMap<>(properties);
    more.put(FROM, stage);
    more.put(PASSAGES, passages);
    return new Frame(queue, bytes, more, durable);
  }

  public Optional<String> content() {
    return Optional.ofNullable((String) properties.get(CONTENT));
  }

  /// Room for the properties and what the broker adds, so that a message need not grow.
  private static final int AROUND = 512;

  public ClientMessage message(ClientSession session) {
    return fill(session.createMessage(Message.BYTES_TYPE, durable));
  }

  /// The same for a broker in this process.
  public CoreMessage message(long number) {
    var message = new CoreMessage(number, bytes.length + AROUND);
    message.setType(Message.BYTES_TYPE);
    message.setDurable(durable);
    message.setTimestamp(System.currentTimeMillis());
    message.setAddress(SimpleString.of(queue));
    return fill(message);
  }

  private <T extends ICoreMessage> T fill(T message) {
    message.getBodyBuffer().writeBytes(bytes);
    properties.forEach((name, value) -> message.putObjectProperty(SimpleString.of(name), value));
    return message;
  }

  private static Map<String, Object> describe(Mail mail, int version) {
    var envelope = mail.envelope();
    var properties = new HashMap<String, Object>(16);
    properties.put(VERSION, version);
    properties.put(ID, envelope.id());
    properties.put(
        SENDER,
        switch (envelope.reversePath()) {
          case ReversePath.Null() -> "";
          case ReversePath.Mailbox(var address) -> address.toString();
        });
    if (!mail.recipients().isEmpty()) {
      properties.put(RECIPIENT_DOMAIN, mail.recipients().getFirst().address().domain().key());
    }
    envelope.destination().ifPresent(to -> properties.put(NEXT_HOP, to.nextHop()));
    properties.put(ATTEMPT, envelope.progress().attempt());
    properties.put(DUE, envelope.progress().due().toEpochMilli());
    properties.put(ARRIVED, envelope.arrived().toEpochMilli());
    properties.put(QUEUED, envelope.progress().queued().toEpochMilli());
    if (mail.content() instanceof Content.Stored(String ref, _, _)) {
      properties.put(CONTENT, ref);
    }
    return properties;
  }
}
