package org.caravanmta.submission;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.caravanmta.message.Envelope;

/// A message that lies in the maildrop, seen to be whole (see {@link Draft} for its form).
///
/// @param posting its envelope
/// @param uid the number of the user who owns the file
/// @param posted when it was put there, by the file's own time
/// @param content the message from its first byte
record Dropped(Posting posting, int uid, Instant posted, InputStream content)
    implements AutoCloseable {
  /// A line of a {@link Posting}: an address is shorter, and so is a name.
  private static final int LONGEST_LINE = 8 * 1024;

  private static final int MOST_LINES = Envelope.MOST_RECIPIENTS + 10;

  /// Not what our command writes.
  static final class Corrupt extends Exception {
    private static final long serialVersionUID = 1L;

    Corrupt(String why) {
      super(why);
    }
  }

  /// The envelope as it is written, without a look at the rest.
  static Optional<Posting> envelope(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (var in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
      in.skipNBytes(Draft.FIRST_LENGTH);
      return Optional.of(posting(in));
    } catch (IOException | Corrupt e) {
      return Optional.empty();
    }
  }

  /// @param limit bytes of a message
  /// @throws Corrupt if it is not a message
  /// @throws IOException if that cannot be told
  static Dropped open(Path file, long limit) throws IOException, Corrupt {
    // what is not a file could make a reader wait forever
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Corrupt("is not a regular file");
    }
    var channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    try {
      checkWhole(channel, limit);
      channel.position(Draft.FIRST_LENGTH);
      var in = new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024);
      return new Dropped(
          posting(in),
          (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS),
          Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant(),
          in);
    } catch (IOException | Corrupt | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  /// The length first: nobody has to read what a hand-made file only claims to hold.
  private static void checkWhole(FileChannel channel, long limit) throws IOException, Corrupt {
    var in = Channels.newInputStream(channel);
    var first = new String(in.readNBytes(Draft.FIRST_LENGTH), StandardCharsets.US_ASCII);
    if (!first.matches(Draft.FIRST + "\\d{12} [0-9a-f]{8}\n")) {
      throw new Corrupt("does not start as a message of ours");
    }
    String[] words = first.strip().split(" ");
    long length = Long.parseLong(words[2]);
    long there = channel.size() - Draft.FIRST_LENGTH;
    if (there != length) {
      throw new Corrupt("has " + there + " bytes where " + length + " were written");
    }
    if (length - limit > MOST_LINES * LONGEST_LINE) {
      throw new Corrupt("has " + length + " bytes, more than a message may have");
    }
    var crc = new CRC32C();
    var block = ByteBuffer.allocate(64 * 1024);
    long seen = 0;
    while (channel.read(block.clear()) >= 0) {
      seen += block.flip().remaining();
      crc.update(block);
    }
    if (seen != length) {
      throw new Corrupt("changes while it is read");
    }
    if ((int) crc.getValue() != Integer.parseUnsignedInt(words[3], 16)) {
      throw new Corrupt("has a wrong checksum");
    }
  }

  private static Posting posting(InputStream in) throws IOException, Corrupt {
    List<String> lines = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      lines.add(line);
      if (lines.size() > MOST_LINES) {
        throw new Corrupt("has an envelope without an end");
      }
    }
    try {
      return Posting.read(lines);
    } catch (IllegalArgumentException e) {
      throw new Corrupt("has an envelope that cannot be read: " + e.getMessage());
    }
  }

  private static String line(InputStream in) throws IOException, Corrupt {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.size() == LONGEST_LINE) {
        throw new Corrupt("has an envelope without an end");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
