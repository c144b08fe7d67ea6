package org.caravanmta.reception.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A reader that cuts the bytes of a client into command lines (RFC 5321 §2.3.8): CRLF ends a line,
/// and LF alone does if {@link LineEnds} tolerates it.
public final class Lines {
  /// The characters known of a line that is too long: enough to tell `AUTH `.
  private static final int START = 5;

  // bytes already looked at for the end of the line
  private int searched;
  private boolean skipping;
  private String start = "";
  private final LineEnds ends;

  public Lines(LineEnds ends) {
    this.ends = ends;
  }

  /// What has been read as a line.
  public sealed interface Line {}

  /// A line of ASCII or UTF-8.
  ///
  /// @param text without its end
  public record Text(String text) implements Line {}

  /// A line longer than the limit, which has been skipped to its end.
  ///
  /// @param start its first five characters, or fewer
  public record TooLong(String start) implements Line {}

  /// A line with a CR or LF without the other, which a server with another rule would cut into
  /// other commands.
  ///
  /// @param what `<CR>` or `<LF>`
  public record Bare(String what) implements Line {}

  /// A line with bytes that are neither ASCII nor UTF-8 (RFC 6531 §3.1).
  public record NotUtf8() implements Line {}

  /// Takes the next line from `input`; absent when its end has not arrived yet.
  ///
  /// @param limit the most bytes of a line, its end included
  public Optional<Line> next(ByteBuf input, int limit) {
    int from = input.readerIndex();
    int newline = input.indexOf(from + searched, input.writerIndex(), (byte) '\n');
    if (newline < 0) {
      searched = input.readableBytes();
      if (skipping || searched > limit) {
        start = skipping ? start : start(input);
        skipping = true;
        input.skipBytes(searched);
        searched = 0;
      }
      return Optional.empty();
    }
    searched = 0;
    int length = newline + 1 - from;
    if (skipping || length > limit) {
      start = skipping ? start : start(input);
      skipping = false;
      input.skipBytes(length);
      return Optional.of(new TooLong(start));
    }
    byte[] line = new byte[length];
    input.readBytes(line);
    return Optional.of(read(line));
  }

  private static String start(ByteBuf input) {
    int length = Math.min(START, input.readableBytes());
    return input.toString(input.readerIndex(), length, StandardCharsets.ISO_8859_1);
  }

  private Line read(byte[] line) {
    int end = line.length - 2;
    if (end < 0 || line[end] != '\r') {
      if (!ends.tolerated()) {
        return new Bare("<LF>");
      }
      ends.bare();
      end++;
    }
    while (ends.any() && end > 0 && line[end - 1] == '\r') {
      end--;
    }
    boolean ascii = true;
    for (int i = 0; i < end; i++) {
      if (line[i] == '\r') {
        return new Bare("<CR>");
      }
      ascii &= line[i] >= 0;
    }
    if (ascii) {
      return new Text(new String(line, 0, end, StandardCharsets.US_ASCII));
    }
    try {
      return new Text(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, end)).toString());
    } catch (CharacterCodingException e) {
      return new NotUtf8();
    }
  }
}
