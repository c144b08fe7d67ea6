package org.caravanmta.reception.wire;

import org.caravanmta.smtp.LineEnd;

/// A decoder of the content after DATA, which finds its end and removes the dots that the client
/// has put before lines (RFC 5321 §4.5.2).
///
/// When lines must end with CRLF, only CRLF `.` CRLF ends the data, whatever a CR or LF without the
/// other looks like. The data is read up to that end, and {@link #bareCr} and {@link #bareLf} tell
/// whether it has to be refused, so that no two servers see different messages in the same bytes.
///
/// When lines may end with LF alone (against RFC 5321 §2.3.8, as Postfix allows), each line of the
/// decoded content ends with CRLF, and a CR alone has become a space. Except with {@link
/// Newlines#ANY}, the data still ends with CRLF `.` CRLF only. A line of a dot alone that ends with
/// LF, or follows a line that did, is left out of the content, so that no other server can take it
/// for the end.
public final class DataDecoder implements ContentDecoder {
  /// Where in the data the next byte is.
  private enum State {
    /// At the start of a line.
    LINE_START,
    /// In a line whose end has not been seen.
    IN_LINE,
    /// After one or more CRs that may belong to the end of the line; they are held back.
    AFTER_CR,
    /// After a dot at the start of a line; it is held back.
    AFTER_DOT,
    /// After such a dot and one or more CRs; all are held back.
    AFTER_DOT_CR,
    /// After the end of the data.
    ENDED
  }

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] CR = {'\r'};
  private static final byte[] SPACE = {' '};

  private final LineEnds ends;
  // LF alone ends a line
  private final boolean tolerant;
  // LF after several CRs ends a line too, and a dot on any line ends the data
  private final boolean any;
  private State state = State.LINE_START;
  // the line before ended with CRLF
  private boolean afterCrLf = true;
  // CRs held back
  private int crs;
  private boolean bareCr;
  private boolean bareLf;

  /// @param ends how lines may end; it is told of each line that ends with LF alone
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

  /// Skips the rest of a line that ends with CRLF, and the lines after it that do: they need no
  /// change and can be given on in one piece.
  ///
  /// @return the index of a CR or LF that is not known to be part of a CRLF; or of the start of a
  ///   line, and then the state is {@link State#LINE_START}; or `to`
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

  /// Ends a line that was a dot alone, and with it perhaps the data.
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

  /// Gives on the CRs held back, which have turned out not to end a line.
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
