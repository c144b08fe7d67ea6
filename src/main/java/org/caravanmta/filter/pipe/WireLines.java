package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.io.InputStream;

/// Lines that end with CRLF, as in mail (RFC 5321 §2.3.8), of what has lines that end with LF or
/// with CRLF.
final class WireLines extends InputStream {
  private static final int BLOCK = 64 * 1024;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private int at;
  private int end;
  private byte last;

  WireLines(InputStream in) {
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
      boolean bare = block[at] == '\n' && last != '\r';
      last = bare ? (byte) '\r' : block[at++];
      into[offset + count++] = last;
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(block, 0, BLOCK));
    return end > 0;
  }
}
