package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;

/// Takes lines from a stream; long ones in pieces. A CR is part of its line unless an LF follows.
final class LineReader {
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

  /// @return whether there was one
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
      // a CR may be half of a line's end
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

  /// Whether there is a CR in it that is not part of its end.
  boolean hasCr() {
    return hasCr;
  }
}
