package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.io.InputStream;

/// A message with lines that end with LF, as programs on Unix have them: without the CR of each
/// CRLF. Any other CR stays.
final class UnixLines extends InputStream {
  private static final int BLOCK = 64 * 1024;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private int at;
  private int end;

  UnixLines(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = 0;
    while (count < length && (at < end || count == 0 && fill())) {
      byte b = block[at++];
      if (b == '\r' && (at < end || fill()) && block[at] == '\n') {
        b = block[at++];
      }
      into[offset + count++] = b;
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(block, 0, BLOCK));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
