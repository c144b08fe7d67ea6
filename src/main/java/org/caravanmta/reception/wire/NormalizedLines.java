package org.caravanmta.reception.wire;

import org.caravanmta.smtp.LineEnd;

/// A filter of text that comes in chunks (RFC 3030 §2): it makes each LF alone a CRLF and each CR
/// alone a space, and gives the result on to another sink.
final class NormalizedLines implements ContentDecoder.Sink {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] SPACE = {' '};

  private final ContentDecoder.Sink sink;
  private final Runnable noted;
  private boolean afterCr;

  /// @param noted run for each line that ends with LF alone
  NormalizedLines(ContentDecoder.Sink sink, Runnable noted) {
    this.sink = sink;
    this.noted = noted;
  }

  @Override
  public void content(byte[] bytes, int from, int to) {
    int run = from;
    int at = from;
    while (at < to) {
      if (afterCr) {
        // a CR was held back
        boolean whole = bytes[at] == '\n';
        sink.content(whole ? CRLF : SPACE, 0, whole ? 2 : 1);
        at += whole ? 1 : 0;
        run = at;
        afterCr = false;
        continue;
      }
      at = LineEnd.find(bytes, at, to);
      if (at + 1 < to && bytes[at] == '\r' && bytes[at + 1] == '\n') {
        at += 2;
      } else if (at < to) {
        if (run < at) {
          sink.content(bytes, run, at);
        }
        if (bytes[at] == '\n') {
          noted.run();
          sink.content(CRLF, 0, CRLF.length);
        } else {
          afterCr = true;
        }
        at++;
        run = at;
      }
    }
    if (run < to) {
      sink.content(bytes, run, to);
    }
  }

  /// Ends the text: a CR held back was one alone.
  void end() {
    if (afterCr) {
      afterCr = false;
      sink.content(SPACE, 0, 1);
    }
  }
}
