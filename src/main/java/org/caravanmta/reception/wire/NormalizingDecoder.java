package org.caravanmta.reception.wire;

import org.caravanmta.smtp.LineEnd;

/// Reads the data of clients that may end lines with LF alone (RFC 5321 §2.3.8 as Postfix relaxes
/// it): what comes out is lines with CRLF, in which a CR alone has become a space.
///
/// Unless any line will do, only CRLF `.` CRLF ends the data. A dot alone on a line that ends or
/// begins otherwise is not content either: it is left out, so that no other server can see an end
/// there.
public final class NormalizingDecoder implements ContentDecoder {
  private enum State {
    LINE_START,
    IN_LINE,
    /// After CRs that may belong to a line's end; they are held back.
    AFTER_CR,
    /// After a dot that began a line; it is held back.
    AFTER_DOT,
    /// After such a dot and CRs.
    AFTER_DOT_CR,
    ENDED
  }

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] SPACE = {' '};

  private final boolean any;
  private final Runnable noted;
  private State state = State.LINE_START;
  private boolean afterCrLf = true;
  // CRs held back
  private int crs;

  /// @param any whether a dot on any line ends the data, and a line may end with many CRs
  /// @param noted told of each line that ends with LF alone
  public NormalizingDecoder(boolean any, Runnable noted) {
    this.any = any;
    this.noted = noted;
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
          at = LineEnd.find(bytes, at, to);
          if (at + 1 < to && bytes[at] == '\r' && bytes[at + 1] == '\n') {
            // as it should be: it stays where it is
            at += 2;
            lineEnded(true);
          } else if (at < to) {
            give(bytes, run, at, sink);
            if (bytes[at] == '\r') {
              crs = 1;
              state = State.AFTER_CR;
            } else {
              sink.content(CRLF, 0, CRLF.length);
              lineEnded(false);
            }
            at++;
            run = at;
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
            spaces(sink);
            state = State.IN_LINE;
          }
          run = at;
        }
        case AFTER_DOT -> {
          if (next == '\r') {
            at++;
            crs = 1;
            state = State.AFTER_DOT_CR;
          } else if (next == '\n') {
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
            spaces(sink);
            state = State.IN_LINE;
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
    return false;
  }

  @Override
  public boolean bareLf() {
    return false;
  }

  private void dotEnded(boolean crLf) {
    boolean end = any || crLf && afterCrLf;
    lineEnded(crLf);
    if (end) {
      state = State.ENDED;
    }
  }

  private void lineEnded(boolean crLf) {
    if (!crLf) {
      noted.run();
    }
    afterCrLf = crLf;
    state = State.LINE_START;
  }

  private void spaces(Sink sink) {
    for (; crs > 0; crs--) {
      sink.content(SPACE, 0, 1);
    }
  }

  private static void give(byte[] bytes, int from, int to, Sink sink) {
    if (from < to) {
      sink.content(bytes, from, to);
    }
  }
}
