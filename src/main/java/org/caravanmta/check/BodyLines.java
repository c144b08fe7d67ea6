package org.caravanmta.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The lines of a body (RFC 5322 §2.3), one after the other; of a line that is longer than {@link
/// #LONGEST}, its pieces. Holds one block at a time.
final class BodyLines {
  /// What is looked at in one piece (postfix `line_length_limit`).
  static final int LONGEST = 2048;

  private static final int BLOCK = 64 * 1024;

  private final InputStream in;
  private byte[] block;
  private int filled;
  private long passed;
  private boolean ended;

  private int from;
  private int to;
  private int next;
  private boolean starts = true;
  private boolean ends = true;
  private boolean again;

  BodyLines(InputStream in) {
    this.in = in;
    this.block = new byte[BLOCK];
  }

  BodyLines(byte[] whole) {
    this.in = new ByteArrayInputStream(new byte[0]);
    this.block = whole;
    this.filled = whole.length;
    this.ended = true;
  }

  /// Goes on to the next piece.
  ///
  /// @return false when there is none
  boolean next() throws IOException {
    if (again) {
      again = false;
      return true;
    }
    fill();
    if (next == filled) {
      return false;
    }
    starts = ends;
    from = next;
    int most = Math.min(filled, from + LONGEST + 2);
    int newline = from;
    while (newline < most && block[newline] != '\n') {
      newline++;
    }
    int text = newline > from && block[newline - 1] == '\r' ? newline - 1 : newline;
    ends = newline < most && text - from <= LONGEST;
    if (ends) {
      to = text;
      next = newline + 1;
    } else {
      to = Math.min(filled, from + LONGEST);
      next = to;
    }
    return true;
  }

  /// The next call of {@link #next} stays where it is.
  void again() {
    again = true;
  }

  /// Where {@link #from} and {@link #to} are; only until the next call.
  byte[] block() {
    return block;
  }

  int from() {
    return from;
  }

  /// Before the line's end.
  int to() {
    return to;
  }

  /// Where the piece starts in the body.
  long start() {
    return passed + from;
  }

  /// Where it ends, line end included.
  long end() {
    return passed + next;
  }

  /// Whether it is the first of its line.
  boolean starts() {
    return starts;
  }

  /// Whether it is the last of its line, which is ended.
  boolean ends() {
    return ends;
  }

  private void fill() throws IOException {
    if (ended || filled - next >= LONGEST + 2) {
      return;
    }
    System.arraycopy(block, next, block, 0, filled - next);
    passed += next;
    filled -= next;
    next = 0;
    int count = in.readNBytes(block, filled, block.length - filled);
    filled += count;
    ended = filled < block.length;
  }
}
