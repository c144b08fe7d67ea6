package org.caravanmta.reception.wire;

import org.caravanmta.smtp.LineEnd;

/// Finds the end of the data and takes away the dots that were put before lines (RFC 5321 §4.5.2).
///
/// Where only CRLF ends a line, only CRLF `.` CRLF ends the data, whatever else a CR or LF without
/// the other may look like; the data is read to that end and then known to have held one, so that
/// no two servers can see different messages in the same bytes.
///
/// Where LF alone ends a line too (RFC 5321 §2.3.8 as Postfix relaxes it), what comes out is lines
/// with CRLF, in which a CR alone has become a space. Unless any line will do, it is still only
/// CRLF `.` CRLF that ends the data. A dot alone on a line that ends or begins otherwise is not
/// content either: it is left out, so that no other server can see an end there.
public final class DataDecoder implements ContentDecoder {
  private enum State {
    /// After the end of a line, or at the start.
    LINE_START,
    IN_LINE,
    /// After CRs that may belong to a line's end; they are held back.
    AFTER_CR,
    /// After a dot that began a line; it is held back.
    AFTER_DOT,
    /// After such a dot and CRs; all are held back.
    AFTER_DOT_CR,
    ENDED
  }

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] CR = {'\r'};
  private static final byte[] SPACE = {' '};

  private final LineEnds ends;
  // LF alone ends a line
  private final boolean tolerant;
  // so does LF after many CRs, and a dot on any line ends the data
  private final boolean any;
  private State state = State.LINE_START;
  // the line before ended with CRLF
  private boolean afterCrLf = true;
  // CRs held back
  private int crs;
  private boolean bareCr;
  private boolean bareLf;

  /// @param ends how lines may end; told of each that ends with LF alone
  public DataDecoder(LineEnds ends) {
    this.ends = ends;
    this.tolerant = ends.tolerated();
    this.any = ends.any();
  }

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
          at = skipLines(bytes, at, to);
          if (state == State.IN_LINE && at < to) {
            byte odd = bytes[at];
            if (odd == '\n' && !tolerant) {
              bareLf = true;
              at++;
            } else {
              give(bytes, run, at, sink);
              at++;
              run = at;
              if (odd == '\r') {
                crs = 1;
                state = State.AFTER_CR;
              } else {
                sink.content(CRLF, 0, CRLF.length);
                lineEnded(false);
              }
            }
          }
        }
        case AFTER_CR -> {
          if (next == '\n') {
            at++;
            sink.content(CRLF, 0, CRLF.length);
            lineEnded(true);
          } else if (next == '\r' && any) {
            at++;
            crs++;
          } else {
            giveCrs(sink);
          }
          run = at;
        }
        case AFTER_DOT -> {
          if (next == '\r') {
            at++;
            crs = 1;
            state = State.AFTER_DOT_CR;
          } else if (next == '\n' && tolerant) {
            at++;
            dotEnded(false);
          } else {
            state = State.IN_LINE;
          }
          run = at;
        }
        case AFTER_DOT_CR -> {
          if (next == '\n') {
            at++;
            dotEnded(true);
          } else if (next == '\r' && any) {
            at++;
            crs++;
          } else {
            giveCrs(sink);
          }
          run = at;
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

  /// Skips the rest of a line that ends with CRLF, and such lines after it: they stay where they
  /// are.
  ///
  /// @return the index of a CR or LF that is not seen to be half of a CRLF, or, where the state
  ///   says so, of the start of a line, or `to`
  private int skipLines(byte[] bytes, int from, int to) {
    int at = from;
    while (true) {
      at = LineEnd.find(bytes, at, to);
      if (at >= to - 1 || bytes[at + 1] != '\n' || bytes[at] != '\r') {
        return at;
      }
      at += 2;
      if (at == to || bytes[at] == '.') {
        lineEnded(true);
        return at;
      }
    }
  }

  /// A line has ended that was nothing but a dot.
  private void dotEnded(boolean crLf) {
    boolean end = any || crLf && afterCrLf;
    lineEnded(crLf);
    if (end) {
      state = State.ENDED;
    }
  }

  private void lineEnded(boolean crLf) {
    if (!crLf) {
      ends.bare();
    }
    afterCrLf = crLf;
    state = State.LINE_START;
  }

  /// The CRs held back do not end a line.
  private void giveCrs(Sink sink) {
    bareCr |= !tolerant;
    for (; crs > 0; crs--) {
      sink.content(tolerant ? SPACE : CR, 0, 1);
    }
    state = State.IN_LINE;
  }

  private static void give(byte[] bytes, int from, int to, Sink sink) {
    if (from < to) {
      sink.content(bytes, from, to);
    }
  }
}
