package org.caravanmta.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/// The encoding of everything that travels through a queue:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version, now {@value #VERSION}; mail of the two versions before is still read, that of a later one is left for a newer program |
/// | 1 | tag: which {@link Codec} wrote the rest |
/// | n | the value: `int` 4 and `long` 8 bytes big-endian; text and byte strings with their length before them as an int; an optional as one byte and its value; a list as an int and its items |
/// | 4 | CRC-32C of all before it (RFC 3720 §B.4) |
///
/// The version is the first byte in every version, the checksum should be the last four. The
/// broker's journal does not check its records, so a flipped bit is found here, and the message
/// goes to `dead`.
public final class Wire {
  public static final byte VERSION = 4;

  /// What an older program of ours has left in the queues is not lost.
  private static final byte OLDEST = 2;

  private static final int TRAILER = 4;

  private Wire() {}

  /// The bytes are not what one of our codecs wrote.
  public static sealed class Malformed extends RuntimeException permits Newer {
    private static final long serialVersionUID = 1L;

    public Malformed(String why) {
      super(why);
    }
  }

  /// A newer program of ours wrote them, which alone can read them.
  public static final class Newer extends Malformed {
    private static final long serialVersionUID = 1L;
    private final int version;

    private Newer(int version) {
      super("a queue message of version " + version + ", this program reads up to " + VERSION);
      this.version = version;
    }

    public int version() {
      return version;
    }
  }

  public static <T> byte[] encode(Codec<T> codec, T value) {
    var writer = new Writer(codec.room(value) + 2 + TRAILER);
    writer.octet(VERSION);
    writer.octet(codec.tag());
    codec.write(value, writer);
    return writer.finish();
  }

  /// The tag of an encoded value, once its version and checksum have been seen to be right.
  ///
  /// @throws Newer if they are of a version after ours
  /// @throws Malformed if they are not right
  public static byte check(byte[] encoded) {
    if (encoded.length < 2 + TRAILER) {
      throw new Malformed("a queue message of " + encoded.length + " bytes is too short");
    }
    int body = encoded.length - TRAILER;
    boolean whole = crc(encoded, body) == ByteBuffer.wrap(encoded).getInt(body);
    if (encoded[0] > VERSION && (whole || !flipped(encoded[0]))) {
      throw new Newer(encoded[0]);
    }
    if (!whole) {
      throw new Malformed("a queue message whose checksum is wrong");
    }
    if (encoded[0] < OLDEST) {
      throw new Malformed(
          "a queue message of version " + encoded[0] + ", this program writes " + VERSION);
    }
    return encoded[1];
  }

  /// Whether one bit makes this of a version that we read: then it is rather damage than a program
  /// that sums otherwise, but for the next version, which is to be expected.
  private static boolean flipped(byte version) {
    return version != VERSION + 1
        && IntStream.rangeClosed(OLDEST, VERSION)
            .anyMatch(ours -> Integer.bitCount(version ^ ours) == 1);
  }

  /// Reads a value whose {@link #check} said it is of this codec.
  public static <T> T decode(Codec<T> codec, byte[] checked) {
    try {
      return codec.read(
          new Reader(checked[0], ByteBuffer.wrap(checked, 2, checked.length - 2 - TRAILER)));
    } catch (java.nio.BufferUnderflowException
        | IllegalArgumentException
        | ArrayIndexOutOfBoundsException e) {
      throw new Malformed("a " + codec.type().getSimpleName() + " that cannot be read: " + e);
    }
  }

  private static int crc(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /// Grows as needed.
  public static final class Writer {
    private static final VarHandle INT =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int length;

    private Writer(int room) {
      bytes = new byte[room];
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

    public <T> void optional(Optional<T> value, BiConsumer<Writer, T> write) {
      flag(value.isPresent());
      value.ifPresent(v -> write.accept(this, v));
    }

    public <T> void list(List<T> values, BiConsumer<Writer, T> write) {
      number(values.size());
      values.forEach(v -> write.accept(this, v));
    }

    private byte[] finish() {
      int crc = crc(bytes, length);
      number(crc);
      return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
      }
    }
  }

  /// Reads in the order in which the writer wrote.
  public static final class Reader {
    private final int version;
    private final ByteBuffer bytes;

    private Reader(int version, ByteBuffer bytes) {
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

    public <T> Optional<T> optional(Function<Reader, T> read) {
      return flag() ? Optional.of(read.apply(this)) : Optional.empty();
    }

    public <T> List<T> list(Function<Reader, T> read) {
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
}
