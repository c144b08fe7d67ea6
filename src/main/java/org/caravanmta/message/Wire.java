package org.caravanmta.message;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The encoding of everything that travels through a queue:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version, now {@value #VERSION}; mail of the four versions before is still read, mail of a later version is left for a newer program |
/// | 1 | tag: which {@link Codec} has written the value |
/// | n | the value: an `int` in 4 bytes and a `long` in 8, big-endian; text and byte strings after their length as an int; an optional as one byte and its value; a list as its length as an int and its items |
/// | 4 | CRC-32C of all before it (RFC 3720 §B.4) |
///
/// In every version, the first byte is the version; the last four should stay the checksum. The
/// broker's journal does not check its records: a flipped bit is found here, and the message goes
/// to `dead`.
public final class Wire {
  /// The newest version that is written, of what {@link Codec#USUAL} cannot hold.
  public static final byte VERSION = 6;

  /// The oldest version that is read: mail that an older program has left in the queues is not
  /// lost.
  private static final byte OLDEST = 2;

  /// Bytes of the checksum.
  private static final int TRAILER = 4;

  private Wire() {}

  /// A value in its frame.
  public static <T> byte[] encode(Codec<T> codec, T value) {
    byte version = codec.version(value);
    var writer = new WireWriter(version, codec.room(value) + 2 + TRAILER);
    writer.octet(version);
    writer.octet(codec.tag());
    codec.write(value, writer);
    return writer.finish();
  }

  /// Checks the version and the checksum of an encoded value.
  ///
  /// @return its tag
  /// @throws Malformed.Newer if the version is newer than ours
  /// @throws Malformed if the version is too old, or the checksum is wrong
  public static byte check(byte[] encoded) {
    if (encoded.length < 2 + TRAILER) {
      throw new Malformed("a queue message of " + encoded.length + " bytes is too short");
    }
    int body = encoded.length - TRAILER;
    boolean whole = WireWriter.crc(encoded, body) == ByteBuffer.wrap(encoded).getInt(body);
    if (encoded[0] > VERSION && (whole || !flipped(encoded[0]))) {
      throw new Malformed.Newer(encoded[0], VERSION);
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

  /// Whether the version is a flipped bit away from one that we read: then damage is more likely
  /// than a program with another checksum, except for the next version, which is to be expected.
  private static boolean flipped(byte version) {
    return version != VERSION + 1
        && IntStream.rangeClosed(OLDEST, VERSION)
            .anyMatch(ours -> Integer.bitCount(version ^ ours) == 1);
  }

  /// Reads a value that {@link #check} has found to be right, with the codec of its tag.
  ///
  /// @throws Malformed if the bytes are not such a value
  public static <T> T decode(Codec<T> codec, byte[] checked) {
    return read(codec, checked, codec::read);
  }

  /// Reads the part of such a value that lists show.
  ///
  /// @throws Malformed if the bytes are not such a value
  public static Optional<Glance> glance(Codec<?> codec, byte[] checked) {
    return read(codec, checked, codec::glance);
  }

  private static <T> T read(Codec<?> codec, byte[] checked, Function<WireReader, T> how) {
    try {
      return how.apply(
          new WireReader(checked[0], ByteBuffer.wrap(checked, 2, checked.length - 2 - TRAILER)));
    } catch (java.nio.BufferUnderflowException
        | IllegalArgumentException
        | ArrayIndexOutOfBoundsException e) {
      throw new Malformed("a " + codec.type().getSimpleName() + " that cannot be read: " + e);
    }
  }
}
