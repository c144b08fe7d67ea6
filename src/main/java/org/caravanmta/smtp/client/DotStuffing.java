package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.caravanmta.smtp.LineEnd;

/// Makes a message transparent for DATA (RFC 5321 §4.5.2): a dot at the start of a line gets
/// another before it, and the last line its CRLF if it has none. A line that is too long is broken
/// before a blank, with which the next one starts, as a field is folded (RFC 5322 §2.2.3); where
/// there is none, anywhere but within a character, with a blank more. Everything else passes
/// unchanged.
final class DotStuffing {
  private static final byte[] BREAK = {'\r', '\n', ' '};

  private final OutputStream out;
  private final int longest;
  private int column;
  private boolean broken;
  private byte last = '\n';
  private byte beforeLast = '\r';

  /// What has come of a line that has not ended, where it may have to be broken.
  private byte[] held = new byte[0];

  private int holding;

  /// @param longest bytes of a line (RFC 5321 §4.5.3.1.6), its end not counted; 0 for any length
  DotStuffing(OutputStream out, int longest) {
    this.out = out;
    this.longest = longest == 0 ? Integer.MAX_VALUE : longest;
  }

  void write(byte[] bytes, int length) throws IOException {
    if (length == 0) {
      return;
    }
    int at = holding > 0 ? heldAnd(bytes, length) : 0;
    int written = at;
    byte before = at > 0 ? bytes[at - 1] : last;
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
      if (cut(at) < end || end == length && longest < Integer.MAX_VALUE) {
        out.write(bytes, written, at - written);
        at = broken(bytes, at, end);
        written = at;
        if (end == length) {
          hold(bytes, at, end);
          written = end;
        }
      }
      column += end - at;
      before = b;
      at = end;
    }
    out.write(bytes, written, length - written);
    beforeLast = length > 1 ? bytes[length - 2] : last;
    last = bytes[length - 1];
  }

  /// Takes the rest of a line that has begun.
  ///
  /// @return how far it goes
  private int heldAnd(byte[] bytes, int length) throws IOException {
    int end = LineEnd.find(bytes, 0, length);
    byte[] line = Arrays.copyOf(held, holding + end);
    System.arraycopy(bytes, 0, line, holding, end);
    // what is held has been counted
    column -= holding;
    holding = 0;
    int at = broken(line, 0, line.length);
    column += line.length - at;
    if (end < length) {
      out.write(line, at, line.length - at);
    } else {
      hold(line, at, line.length);
    }
    return end;
  }

  private void hold(byte[] bytes, int from, int to) {
    holding = to - from;
    if (held.length < holding) {
      held = new byte[Math.max(holding, Math.min(longest, 1024))];
    }
    System.arraycopy(bytes, from, held, 0, holding);
  }

  /// Writes a line as far as it has to be broken.
  ///
  /// @return where its last piece starts
  private int broken(byte[] bytes, int from, int end) throws IOException {
    int at = from;
    for (int cut = cut(at); cut < end; cut = cut(at)) {
      int blank = blank(bytes, at, cut);
      if (blank > at) {
        out.write(bytes, at, blank - at);
        out.write(BREAK, 0, 2);
        at = blank;
        column = 0;
      } else {
        int whole = whole(bytes, at, cut);
        out.write(bytes, at, whole - at);
        out.write(BREAK);
        // one byte at least, however short lines have to be
        out.write(bytes, whole, 1);
        at = whole + 1;
        column = 2;
      }
      broken = true;
    }
    return at;
  }

  /// The last blank after something else, or `at`.
  private static int blank(byte[] bytes, int at, int cut) {
    for (int i = cut; i > at; i--) {
      if (isBlank(bytes[i]) && !isBlank(bytes[i - 1])) {
        return i;
      }
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /// The start of the character of UTF-8 that is there.
  private static int whole(byte[] bytes, int at, int cut) {
    int start = cut;
    while (start > at && start > cut - 4 && (bytes[start] & 0xc0) == 0x80) {
      start--;
    }
    return start > at && start > cut - 4 ? start : cut;
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
    out.write(held, 0, holding);
    holding = 0;
    if (last != '\n' || beforeLast != '\r') {
      out.write('\r');
      out.write('\n');
    }
  }
}
