package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import org.caravanmta.smtp.LineEnd;

/// Makes a message transparent for DATA (RFC 5321 §4.5.2): a dot at the start of a line gets
/// another before it, and the last line its CRLF if it has none. Everything else passes unchanged.
final class DotStuffing {
  private static final byte[] BREAK = {'\r', '\n', ' '};

  private final OutputStream out;
  private final int longest;
  private int column;
  private boolean broken;
  private byte last = '\n';
  private byte beforeLast = '\r';

  /// @param longest bytes of a line (RFC 5321 §4.5.3.1.6), its end not counted; a longer one goes
  ///   on behind a line break and a blank. 0 for any length
  DotStuffing(OutputStream out, int longest) {
    this.out = out;
    this.longest = longest == 0 ? Integer.MAX_VALUE : longest;
  }

  void write(byte[] bytes, int length) throws IOException {
    if (length == 0) {
      return;
    }
    int written = 0;
    int at = 0;
    byte before = last;
    while (at < length) {
      byte b = bytes[at];
      if (b == '\r' || b == '\n') {
        column = b == '\n' ? 0 : column;
        before = b;
        at++;
        continue;
      }
      if (b == '.' && before == '\n') {
        out.write(bytes, written, at - written);
        out.write('.');
        written = at;
      }
      int end = LineEnd.find(bytes, at, length);
      for (int cut = cut(at); cut < end; cut = cut(at)) {
        out.write(bytes, written, cut - written);
        out.write(BREAK);
        written = cut;
        at = cut + 1;
        column = 2;
        broken = true;
      }
      column += end - at;
      before = b;
      at = end;
    }
    out.write(bytes, written, length - written);
    beforeLast = length > 1 ? bytes[length - 2] : last;
    last = bytes[length - 1];
  }

  /// How far the line may go on from `at`.
  private int cut(int at) {
    return (int) Math.min(Integer.MAX_VALUE, at + (long) Math.max(0, longest - column));
  }

  /// Whether a line was too long.
  boolean broken() {
    return broken;
  }

  /// Ends the last line. The dot that ends the data is not written here: what was sent so far can
  /// still be left without one.
  void finish() throws IOException {
    if (last != '\n' || beforeLast != '\r') {
      out.write('\r');
      out.write('\n');
    }
  }
}
