package org.caravanmta.reception.wire;

import org.caravanmta.smtp.LineEnd;

/// Finds the end of the data and takes away the dots that were put before lines (RFC 5321 §4.5.2).
///
/// Only CRLF `.` CRLF ends the data, whatever else a CR or LF without the other may look like; the
/// data is read to that end and then known to have held one, so that no two servers can see
/// different messages in the same bytes.
public final class DataDecoder implements ContentDecoder {
  private enum State {
    /// Behind a CRLF, or at the start.
    LINE_START,
    IN_LINE,
    AFTER_CR,
    /// Behind a dot that began a line; it is held back.
    AFTER_DOT,
    /// After such a dot and CR; both are held back.
    AFTER_DOT_CR,
    ENDED
  }

  private static final byte[] CR = {'\r'};

  private State state = State.LINE_START;
  private boolean bareCr;
  private boolean bareLf;

  @Override
  public int decode(byte[] bytes, int from, int to, Sink sink) {
    int at = from;
    int run = from;
    while (at < to && state != State.ENDED) {
      byte next = bytes[at];
      switch (state) {
        case LINE_START -> {
          if (next == '.') {
            give(bytes, run, at, sink);
            at++;
            run = at;
            state = State.AFTER_DOT;
          } else {
            state = State.IN_LINE;
          }
        }
        case IN_LINE -> {
          at = LineEnd.find(bytes, at, to);
          if (at < to) {
            if (bytes[at] == '\r') {
              state = State.AFTER_CR;
            } else {
              bareLf = true;
            }
            at++;
          }
        }
        case AFTER_CR -> {
          if (next == '\n') {
            at++;
            state = State.LINE_START;
          } else {
            bareCr = true;
            state = State.IN_LINE;
          }
        }
        case AFTER_DOT -> {
          if (next == '\r') {
            at++;
            run = at;
            state = State.AFTER_DOT_CR;
          } else {
            state = State.IN_LINE;
          }
        }
        case AFTER_DOT_CR -> {
          if (next == '\n') {
            at++;
            run = at;
            state = State.ENDED;
          } else {
            bareCr = true;
            sink.content(CR, 0, 1);
            state = State.IN_LINE;
          }
        }
        case ENDED -> throw new IllegalStateException("the data has ended");
      }
    }
    give(bytes, run, at, sink);
    return at;
  }

  @Override
  public boolean ended() {
    return state == State.ENDED;
  }

  @Override
  public boolean bareCr() {
    return bareCr;
  }

  @Override
  public boolean bareLf() {
    return bareLf;
  }

  private static void give(byte[] bytes, int from, int to, Sink sink) {
    if (from < to) {
      sink.content(bytes, from, to);
    }
  }
}
