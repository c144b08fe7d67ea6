package org.caravanmta.mime.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The next `length` bytes of a stream, and then its end.
final class LimitedStream extends FilterInputStream {
  private long left;

  LimitedStream(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    int got = left == 0 ? -1 : super.read(bytes, from, (int) Math.min(count, left));
    left -= Math.max(got, 0);
    return got;
  }
}
