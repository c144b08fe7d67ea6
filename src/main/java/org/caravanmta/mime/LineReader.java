package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;

/// Reads a stream line by line, a long line in several pieces. A line ends with LF or CRLF; any
/// other CR is part of its line.
final class LineReader {
  /// In bytes, so that a line without an end needs no more memory than others.
  private static final int LONGEST_PIECE = 8192;

  private final InputStream in;
  private final byte[] block = new byte[8 * 1024];
  private int at;
  private int filled;
  private final byte[] line = new byte[LONGEST_PIECE + 1];
  private int length;
  private boolean starts;
  private boolean ends = true;
  private boolean hasCr;

  LineReader(InputStream in) {
    this.in = in;
  }

  /// Goes to the next line, or to the next piece of a long one.
  ///
  /// @return whether there is one
  boolean next() throws IOException {
    starts = ends;
    ends = false;
    length = 0;
    hasCr = false;
    while (true) {
      if (at == filled) {
        filled = in.read(block);
        at = 0;
        if (filled <= 0) {
          filled = 0;
          return length > 0;
        }
      }
      byte b = block[at++];
      if (b == '\n') {
        ends = true;
        if (length > 0 && line[length - 1] == '\r') {
          length--;
        }
        hasCr = hasCr && crInside();
        return true;
      }
      hasCr |= b == '\r';
      line[length++] = b;
      // this CR may be the first half of a CRLF
      if (length > LONGEST_PIECE || length == LONGEST_PIECE && b != '\r') {
        return true;
      }
    }
  }

  private boolean crInside() {
    for (int i = 0; i < length; i++) {
      if (line[i] == '\r') {
        return true;
      }
    }
    return false;
  }

  /// The line in the first {@link #length} bytes, without its end; overwritten by {@link #next}.
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  /// Whether this is the first piece of its line.
  boolean starts() {
    return starts;
  }

  /// Whether this is the last piece of its line.
  boolean ends() {
    return ends;
  }

  /// Whether the line has a CR that is not part of its end.
  boolean hasCr() {
    return hasCr;
  }
}
