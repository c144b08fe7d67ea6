package org.caravanmta.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/// Writes the parts of a value in the encoding that {@link Wire} describes; grows as needed.
public final class WireWriter {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte version;
  private byte[] bytes;
  private int length;

  /// @param version of the encoding that is written
  /// @param room bytes that are allocated at first
  WireWriter(byte version, int room) {
    this.version = version;
    bytes = new byte[room];
  }

  byte version() {
    return version;
  }

  public void octet(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  public void flag(boolean value) {
    octet(value ? 1 : 0);
  }

  public void number(int value) {
    room(4);
    INT.set(bytes, length, value);
    length += 4;
  }

  public void number(long value) {
    room(8);
    LONG.set(bytes, length, value);
    length += 8;
  }

  public void instant(Instant value) {
    number(value.getEpochSecond());
    number(value.getNano());
  }

  public void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public void bytes(byte[] value) {
    number(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  public <T> void optional(Optional<T> value, BiConsumer<WireWriter, T> write) {
    flag(value.isPresent());
    value.ifPresent(v -> write.accept(this, v));
  }

  public <T> void list(List<T> values, BiConsumer<WireWriter, T> write) {
    number(values.size());
    values.forEach(v -> write.accept(this, v));
  }

  /// All bytes, with the checksum at their end.
  byte[] finish() {
    int crc = crc(bytes, length);
    number(crc);
    return Arrays.copyOf(bytes, length);
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  /// The CRC-32C of the first `length` bytes.
  static int crc(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
