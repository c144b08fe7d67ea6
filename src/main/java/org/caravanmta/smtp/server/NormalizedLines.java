package org.caravanmta.smtp.server;

/// Text that comes in chunks (RFC 3030 §2), with each LF alone made a CRLF and each CR alone a
/// space.
final class NormalizedLines implements ContentDecoder.Sink {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] SPACE = {' '};

  private final ContentDecoder.Sink sink;
  private boolean afterCr;

  NormalizedLines(ContentDecoder.Sink sink) {
    this.sink = sink;
  }

  @Override
  public void content(byte[] bytes, int from, int to) {
    int run = from;
    for (int at = from; at < to; at++) {
      byte next = bytes[at];
      if (afterCr && next != '\n') {
        sink.content(SPACE, 0, 1);
      }
      if (next == '\r' || next == '\n') {
        if (run < at) {
          sink.content(bytes, run, at);
        }
        run = at + 1;
        if (next == '\n') {
          sink.content(CRLF, 0, CRLF.length);
        }
      }
      afterCr = next == '\r';
    }
    if (run < to) {
      sink.content(bytes, run, to);
    }
  }

  /// The text ends.
  void end() {
    if (afterCr) {
      afterCr = false;
      sink.content(SPACE, 0, 1);
    }
  }
}
