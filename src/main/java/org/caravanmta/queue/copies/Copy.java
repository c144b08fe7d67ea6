package org.caravanmta.queue.copies;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.queue.spi.Frame;

/// A queue message as it is copied: its bytes are protected by their own checksum ({@link
/// org.caravanmta.message.Wire}).
///
/// @param number what the broker that it is on calls it
public record Copy(long number, Frame frame) {
  private static final byte VERSION = 1;

  // the types of properties
  private static final byte TEXT = 1;
  private static final byte LONG = 2;
  private static final byte INTEGER = 3;
  private static final byte TRUTH = 4;

  /// The reference of its stored content.
  public Optional<String> content() {
    return frame.content();
  }

  /// The id of the mail; absent where it is none.
  Optional<String> id() {
    return Optional.ofNullable((String) frame.properties().get(Frame.ID));
  }

  byte[] encode() {
    try {
      var bytes = new ByteArrayOutputStream(frame.bytes().length + 512);
      var out = new DataOutputStream(bytes);
      out.writeByte(VERSION);
      out.writeLong(number);
      out.writeUTF(frame.queue());
      out.writeShort(frame.properties().size());
      for (var property : frame.properties().entrySet()) {
        out.writeUTF(property.getKey());
        write(out, property.getValue());
      }
      out.writeInt(frame.bytes().length);
      out.write(frame.bytes());
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("message " + number + " cannot be copied: " + e, e);
    }
  }

  private static void write(DataOutputStream out, Object value) throws IOException {
    switch (value) {
      case Long number -> {
        out.writeByte(LONG);
        out.writeLong(number);
      }
      case Integer number -> {
        out.writeByte(INTEGER);
        out.writeInt(number);
      }
      case Boolean truth -> {
        out.writeByte(TRUTH);
        out.writeBoolean(truth);
      }
      default -> {
        byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
        out.writeByte(TEXT);
        out.writeInt(text.length);
        out.write(text);
      }
    }
  }

  /// @throws IOException if these bytes are not a copy that this program reads
  static Copy decode(byte[] bytes) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    byte version = in.readByte();
    if (version != VERSION) {
      throw new IOException("a copy of version " + version);
    }
    long number = in.readLong();
    String queue = in.readUTF();
    int count = in.readShort();
    var properties = new HashMap<String, Object>();
    for (int i = 0; i < count; i++) {
      properties.put(in.readUTF(), value(in));
    }
    byte[] body = bytes(in, in.readInt());
    return new Copy(number, new Frame(queue, body, Map.copyOf(properties), true));
  }

  private static Object value(DataInputStream in) throws IOException {
    byte type = in.readByte();
    return switch (type) {
      case TEXT -> new String(bytes(in, in.readInt()), StandardCharsets.UTF_8);
      case LONG -> in.readLong();
      case INTEGER -> in.readInt();
      case TRUTH -> in.readBoolean();
      default -> throw new IOException("a property of the type " + type);
    };
  }

  static byte[] bytes(DataInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length != length) {
      throw new IOException("cut off");
    }
    return bytes;
  }
}
