package org.caravanmta.filter.icap;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.WireInput;

/// A body in chunks (RFC 9112 §7.1), to its end.
final class ChunkedInput extends InputStream {
  private static final Pattern SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})[ \t]*(;.*)?");

  private final WireInput in;
  private long left;
  private boolean begun;
  private boolean ended;
  private String extension = "";

  ChunkedInput(WireInput in) {
    this.in = in;
  }

  /// What stood after the size of the last chunk, `; use-original-body=0`; empty for nothing.
  String extension() {
    return extension;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0 && !ended) {
      next();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(into, from, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("closed within a chunk");
    }
    left -= count;
    return count;
  }

  private void next() throws IOException {
    if (begun && !in.line().isEmpty()) {
      throw new IOException("a chunk that is longer than it says");
    }
    begun = true;
    String line = in.line();
    var size = SIZE.matcher(line.strip());
    if (!size.matches()) {
      throw new IOException("not the size of a chunk: " + WireInput.shown(line));
    }
    left = Long.parseLong(size.group(1), 16);
    extension = size.group(2) == null ? "" : size.group(2);
    if (left == 0) {
      ended = true;
      skipTrailer();
    }
  }

  /// Fields after the body say nothing to us.
  private void skipTrailer() throws IOException {
    String line = in.line();
    while (!line.isEmpty()) {
      line = in.line();
    }
  }
}
