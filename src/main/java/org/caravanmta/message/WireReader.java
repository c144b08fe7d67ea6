package org.caravanmta.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads the parts of a value in the order in which {@link WireWriter} has written them, see {@link
/// Wire}. Each method throws an exception that {@link Wire#decode} turns into {@link Malformed}
/// when the bytes do not have such a part.
public final class WireReader {
  private final int version;
  private final ByteBuffer bytes;

  WireReader(int version, ByteBuffer bytes) {
    this.version = version;
    this.bytes = bytes;
  }

  /// The version of the encoding.
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

  /// Whether all bytes have been read.
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

  /// Passes over a byte string.
  ///
  /// @return how many bytes it has
  int skip() {
    int count = count();
    bytes.position(bytes.position() + count);
    return count;
  }

  /// A value that may be absent.
  ///
  /// @param read reads it if it is there
  public <T> Optional<T> optional(Function<WireReader, T> read) {
    return flag() ? Optional.of(read.apply(this)) : Optional.empty();
  }

  /// A list.
  ///
  /// @param read reads one item
  public <T> List<T> list(Function<WireReader, T> read) {
    int count = count();
    var values = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      values.add(read.apply(this));
    }
    return values;
  }

  /// One of these constants, by its ordinal in one byte.
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
