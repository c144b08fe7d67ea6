package org.caravanmta.filter.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.caravanmta.message.Headers;

/// What a content filter says in lines, read with limits: it is a program of somebody else's.
public final class WireInput {
  /// More than any line that is one.
  private static final int LONGEST_LINE = 16 * 1024;

  private final InputStream in;
  private long position;

  public WireInput(InputStream in) {
    this.in = new BufferedInputStream(in, 64 * 1024);
  }

  /// How many bytes have been read so far.
  public long position() {
    return position;
  }

  /// A line without its end, CRLF or LF. Bytes that are not UTF-8 become U+FFFD.
  ///
  /// @throws EOFException if there is no more
  public String line() throws IOException {
    byte[] line = piece('\n', LONGEST_LINE);
    int length = line.length;
    while (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }

  /// A text up to a zero byte, which ends it.
  ///
  /// @throws EOFException if there is no more
  public String text() throws IOException {
    return new String(piece('\0', LONGEST_LINE), StandardCharsets.UTF_8);
  }

  /// A header section and the empty line after it (RFC 5322 §2.1); lines may end with LF alone.
  ///
  /// @param most bytes that it may have
  public Headers headers(int most) throws IOException {
    var section = new ByteArrayOutputStream();
    while (true) {
      byte[] line = piece('\n', most);
      int length = line.length;
      while (length > 0 && line[length - 1] == '\r') {
        length--;
      }
      if (length == 0) {
        return Headers.parse(section.toByteArray());
      }
      section.write(line, 0, length);
      section.write('\r');
      section.write('\n');
      if (section.size() > most) {
        throw new IOException("a header section longer than " + most + " bytes");
      }
    }
  }

  /// Reads up to `length` bytes of what follows.
  ///
  /// @return how many; -1 if there is no more
  public int read(byte[] into, int from, int length) throws IOException {
    int count = in.read(into, from, length);
    position += Math.max(0, count);
    return count;
  }

  private byte[] piece(char end, int most) throws IOException {
    var piece = new ByteArrayOutputStream();
    for (int b = in.read(); b != end; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed without an answer");
      }
      piece.write(b);
      position++;
      if (piece.size() > most) {
        throw new IOException("an answer with a line longer than " + most + " bytes");
      }
    }
    position++;
    return piece.toByteArray();
  }

  /// A filter's text as the log and replies may show it.
  public static String shown(String text) {
    String clean = text.replaceAll("[^ -~]", "?");
    return clean.length() > 200 ? clean.substring(0, 200) + "…" : clean;
  }
}
