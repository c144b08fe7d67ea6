package org.caravanmta.delivery.mailbox;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Ends lines with LF, as Unix mailboxes have them: each CRLF loses its CR, and the last line gets
/// its LF if it has none. Any other CR stays.
final class LineFeeds extends FilterOutputStream {
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
