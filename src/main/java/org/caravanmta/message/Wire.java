package org.caravanmta.message;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;

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

  public static <T> byte[] encode(Codec<T> codec, T value) {
    var writer = new WireWriter(codec.room(value) + 2 + TRAILER);
    writer.octet(VERSION);
    writer.octet(codec.tag());
    codec.write(value, writer);
    return writer.finish();
  }

  /// The tag of an encoded value, once its version and checksum have been seen to be right.
  ///
  /// @throws Malformed.Newer if they are of a version after ours
  /// @throws Malformed if they are not right
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
          new WireReader(checked[0], ByteBuffer.wrap(checked, 2, checked.length - 2 - TRAILER)));
    } catch (java.nio.BufferUnderflowException
        | IllegalArgumentException
        | ArrayIndexOutOfBoundsException e) {
      throw new Malformed("a " + codec.type().getSimpleName() + " that cannot be read: " + e);
    }
  }
}
