package org.caravanmta.smtp.server;

/// Finds the end of the data as {@link DataDecoder} does, and makes of lines that end with LF alone
/// lines that end with CRLF, for clients that cannot do better (RFC 5321 §2.3.8; Postfix:
/// smtpd_forbid_bare_newline = normalize).
///
/// Only CRLF `.` CRLF ends the data. A line of one dot that any LF alone is beside of is no end,
/// and no line either: whoever passes the message on must not send an end that we have not seen. A
/// CR without LF becomes a space.
final class NormalizingDecoder implements ContentDecoder {
  private enum State {
    LINE_START,
    IN_LINE,
    AFTER_CR,
    /// Behind a dot that began a line; it is held back.
    AFTER_DOT,
    /// Behind such a dot and CR; both are held back.
    AFTER_DOT_CR,
    ENDED
  }

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] SPACE = {' '};

  private State state = State.LINE_START;
  // whether the line before this one ended with CRLF
  private boolean behindCrLf = true;

  @Override
  public int decode(byte[] bytes, int from, int to, Sink sink) {
    int at = from;
    int run = from;
    while (at < to && state != State.ENDED) {
      byte next = bytes[at];
      switch (state) {
        case LINE_START -> {
          if (next == '.') {
            at++;
            state = State.AFTER_DOT;
          } else {
            state = State.IN_LINE;
          }
          run = at;
        }
        case IN_LINE -> {
          at++;
          if (next == '\r' || next == '\n') {
            give(bytes, run, at - 1, sink);
            run = at;
            if (next == '\r') {
              state = State.AFTER_CR;
            } else {
              line(sink, false);
            }
          }
        }
        case AFTER_CR -> {
          if (next == '\n') {
            at++;
            line(sink, true);
          } else {
            sink.content(SPACE, 0, 1);
            state = State.IN_LINE;
          }
          run = at;
        }
        case AFTER_DOT -> {
          if (next == '\r') {
            at++;
            state = State.AFTER_DOT_CR;
          } else if (next == '\n') {
            at++;
            drop(false);
          } else {
            state = State.IN_LINE;
          }
          run = at;
        }
        case AFTER_DOT_CR -> {
          if (next != '\n') {
            sink.content(SPACE, 0, 1);
            state = State.IN_LINE;
          } else {
            at++;
            if (behindCrLf) {
              state = State.ENDED;
            } else {
              drop(true);
            }
          }
          run = at;
        }
        case ENDED -> throw new IllegalStateException("the data has ended");
      }
    }
    if (state == State.IN_LINE) {
      give(bytes, run, at, sink);
    }
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

  private void line(Sink sink, boolean crLf) {
    sink.content(CRLF, 0, CRLF.length);
    drop(crLf);
  }

  private void drop(boolean crLf) {
    behindCrLf = crLf;
    state = State.LINE_START;
  }

  private static void give(byte[] bytes, int from, int to, Sink sink) {
    if (from < to) {
      sink.content(bytes, from, to);
    }
  }
}
