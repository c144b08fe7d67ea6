package org.caravanmta.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The lines of a body (RFC 5322 §2.3), one after the other. A line that is longer than {@link
/// #LONGEST} comes in several pieces. Only one block of the body is in memory at a time.
final class BodyLines {
  /// Bytes of a piece at most, line end not included (postfix `line_length_limit`).
  static final int LONGEST = 2048;

  /// Bytes that are read at a time: many lines for each read.
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

  /// Makes the next call of {@link #next} stay at the current piece.
  void again() {
    again = true;
  }

  /// The bytes in which {@link #from} and {@link #to} are positions; valid until {@link #next}.
  byte[] block() {
    return block;
  }

  /// Where the piece starts in the {@link #block}.
  int from() {
    return from;
  }

  /// Where the piece ends in the {@link #block}, the end of its line not included.
  int to() {
    return to;
  }

  /// Where the piece starts in the body.
  long start() {
    return passed + from;
  }

  /// Where the piece ends in the body, the end of its line included.
  long end() {
    return passed + next;
  }

  /// Whether the piece is the first of its line.
  boolean starts() {
    return starts;
  }

  /// Whether the piece is the last of its line and a line end follows it.
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
