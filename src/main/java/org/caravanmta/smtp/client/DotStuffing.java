package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.caravanmta.smtp.LineEnd;

/// Writes a message as the lines of DATA (RFC 5321 §4.5.2): a line that starts with a dot gets
/// another dot before it, and the last line gets a CRLF if it has none. A line that is too long is
/// broken before a blank, with which the next line then starts, as a folded field does (RFC 5322
/// §2.2.3); if it has no blank, it is broken between two characters and a blank is inserted
/// (postfix `smtp_line_length_limit`). Everything else passes unchanged.
final class DotStuffing {
  private static final byte[] BREAK = {'\r', '\n', ' '};

  private final OutputStream out;
  private final int longest;
  private int column;
  private boolean broken;
  private byte last = '\n';
  private byte beforeLast = '\r';

  /// The part of an unfinished line that may still have to be broken, in its first `holding` bytes.
  private byte[] held = new byte[0];

  private int holding;

  /// @param longest how many bytes a line may have, without its end (RFC 5321 §4.5.3.1.6); 0 for
  ///   any length
  DotStuffing(OutputStream out, int longest) {
    this.out = out;
    this.longest = longest == 0 ? Integer.MAX_VALUE : longest;
  }

  /// Takes the next `length` bytes of the message.
  void write(byte[] bytes, int length) throws IOException {
    if (length == 0) {
      return;
    }
    int at = holding > 0 ? takeRestOfHeld(bytes, length) : 0;
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
      if (limit(at) < end || end == length && longest < Integer.MAX_VALUE) {
        out.write(bytes, written, at - written);
        at = writeBroken(bytes, at, end);
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

  /// Takes the rest of a line of which a part is held.
  ///
  /// @return where in `bytes` the line ends
  private int takeRestOfHeld(byte[] bytes, int length) throws IOException {
    int end = LineEnd.find(bytes, 0, length);
    byte[] line = Arrays.copyOf(held, holding + end);
    System.arraycopy(bytes, 0, line, holding, end);
    // the held bytes have been counted already
    column -= holding;
    holding = 0;
    int at = writeBroken(line, 0, line.length);
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

  /// Breaks a line as often as needed, and writes all its pieces but the last.
  ///
  /// @return where the last piece starts
  private int writeBroken(byte[] bytes, int from, int end) throws IOException {
    int at = from;
    for (int cut = limit(at); cut < end; cut = limit(at)) {
      int blank = lastBlank(bytes, at, cut);
      if (blank > at) {
        out.write(bytes, at, blank - at);
        out.write(BREAK, 0, 2);
        at = blank;
        column = 0;
      } else {
        int start = characterStart(bytes, at, cut);
        out.write(bytes, at, start - at);
        out.write(BREAK);
        // at least one byte goes on each line, however short lines have to be
        out.write(bytes, start, 1);
        at = start + 1;
        column = 2;
      }
      broken = true;
    }
    return at;
  }

  /// The first blank of the last run of blanks before the cut, or `at` if there is none after `at`.
  private static int lastBlank(byte[] bytes, int at, int cut) {
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

  /// The start of the UTF-8 character that the cut would split, or the cut if it splits none.
  private static int characterStart(byte[] bytes, int at, int cut) {
    int start = cut;
    while (start > at && start > cut - 4 && (bytes[start] & 0xc0) == 0x80) {
      start--;
    }
    return start > at && start > cut - 4 ? start : cut;
  }

  /// The offset at which the line is full, if its next byte is at `at`.
  private int limit(int at) {
    return (int) Math.min(Integer.MAX_VALUE, at + (long) Math.max(0, longest - column));
  }

  /// Whether a line has been broken.
  boolean broken() {
    return broken;
  }

  /// Ends the last line. The dot that ends the data is not written here, so that the caller can
  /// still leave the message unfinished.
  void finish() throws IOException {
    out.write(held, 0, holding);
    holding = 0;
    if (last != '\n' || beforeLast != '\r') {
      out.write('\r');
      out.write('\n');
    }
  }
}
