package org.caravanmta.queue.embedded.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// A message as the broker writes it into its journal: what it is about, then the message with its
/// body, its headers and its properties.
final class MessageRecord {
  /// The broker's own kind of message; of others nothing is said.
  private static final byte CORE = 1;

  /// The end of a body is counted as it was when it came over a connection.
  private static final int BEFORE_BODY = 9;

  private static final int USER_ID = 16;

  /// Type, durable, expiration, timestamp, priority.
  private static final int HEADERS = 1 + 1 + 8 + 8 + 1;

  private MessageRecord() {}

  /// Whether every length in it stays within it, and it is the message that its record says.
  static boolean isWhole(ByteBuffer bytes, long number) {
    try {
      return bytes.get() != CORE || read(bytes, number);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean read(ByteBuffer bytes, long number) {
    if (bytes.getLong() != number) {
      return false;
    }
    skipNullable(bytes);
    int size = bytes.getInt();
    if (size < 0 || size > bytes.remaining()) {
      return false;
    }
    var message = bytes.slice(bytes.position(), size);
    int endOfBody = message.getInt() - BEFORE_BODY;
    if (endOfBody < message.position() || endOfBody > message.limit()) {
      return false;
    }
    message.position(endOfBody);
    message.getLong();
    skipNullable(message);
    if (message.get() != 0) {
      skip(message, USER_ID);
    }
    skip(message, HEADERS);
    if (message.get() == 0) {
      return true;
    }
    int properties = message.getInt();
    if (properties < 0) {
      return false;
    }
    for (int i = 0; i < properties; i++) {
      skipBytes(message);
      skipValue(message);
    }
    return true;
  }

  private static void skipValue(ByteBuffer message) {
    byte type = message.get();
    switch (type) {
      case 0 -> {}
      case 2, 3 -> skip(message, 1);
      case 4, 10 -> skipBytes(message);
      case 5, 11 -> skip(message, 2);
      case 6, 8 -> skip(message, 4);
      case 7, 9 -> skip(message, 8);
      default -> throw new IllegalArgumentException("a property of type " + type);
    }
  }

  private static void skipNullable(ByteBuffer message) {
    if (message.get() != 0) {
      skipBytes(message);
    }
  }

  private static void skipBytes(ByteBuffer message) {
    skip(message, message.getInt());
  }

  private static void skip(ByteBuffer message, int count) {
    if (count < 0 || count > message.remaining()) {
      throw new IllegalArgumentException("a length of " + count);
    }
    message.position(message.position() + count);
  }
}
