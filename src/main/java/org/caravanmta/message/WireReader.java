package org.caravanmta.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads a value in the order in which {@link WireWriter} wrote it.
public final class WireReader {
  private final int version;
  private final ByteBuffer bytes;

  WireReader(int version, ByteBuffer bytes) {
    this.version = version;
    this.bytes = bytes;
  }

  /// Of the program that wrote it.
  public int version() {
    return version;
  }

  public int octet() {
    return bytes.get();
  }

  public boolean flag() {
    return bytes.get() != 0;
  }

  public int number() {
    return bytes.getInt();
  }

  public long longNumber() {
    return bytes.getLong();
  }

  /// Whether nothing follows.
  public boolean atEnd() {
    return !bytes.hasRemaining();
  }

  public Instant instant() {
    return Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
  }

  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  public byte[] bytes() {
    int count = count();
    byte[] value = new byte[count];
    bytes.get(value);
    return value;
  }

  public <T> Optional<T> optional(Function<WireReader, T> read) {
    return flag() ? Optional.of(read.apply(this)) : Optional.empty();
  }

  public <T> List<T> list(Function<WireReader, T> read) {
    int count = count();
    var values = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      values.add(read.apply(this));
    }
    return values;
  }

  public <E extends Enum<E>> E pick(E[] values) {
    return values[octet()];
  }

  private int count() {
    int count = bytes.getInt();
    if (count < 0 || count > bytes.remaining()) {
      throw new Malformed("a length of " + count + " with " + bytes.remaining() + " bytes left");
    }
    return count;
  }
}
