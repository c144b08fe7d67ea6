package org.caravanmta.delivery.mailbox;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// A stream that ends lines with LF, as mailboxes on Unix have them: it removes the CR of each
/// CRLF, and ends the last line if it is not ended. Any other CR stays.
final class LineFeeds extends FilterOutputStream {
  // whether a CR has been held back at the end of the bytes so far
  private boolean carriage;
  private byte last = '\n';

  LineFeeds(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    int written = offset;
    int end = offset + length;
    if (carriage && bytes[offset] != '\n') {
      out.write('\r');
    }
    carriage = false;
    for (int i = offset; i < end; i++) {
      if (bytes[i] == '\r' && (i + 1 == end || bytes[i + 1] == '\n')) {
        out.write(bytes, written, i - written);
        written = i + 1;
        carriage = i + 1 == end;
      }
    }
    out.write(bytes, written, end - written);
    last = bytes[end - 1];
  }

  /// Ends the last line; the stream below stays open.
  void finish() throws IOException {
    if (carriage) {
      out.write('\r');
    }
    if (last != '\n') {
      out.write('\n');
    }
    out.flush();
  }
}
