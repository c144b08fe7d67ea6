package org.caravanmta.reception.wire;

import org.jspecify.annotations.Nullable;

/// A decoder of the content after BDAT (RFC 3030 §2): each command announces the size of its chunk,
/// so the bytes are counted, and a dot has no meaning. If the last line of a text lacks its CRLF,
/// it is added; binary content is left as it is.
public final class ChunkDecoder implements ContentDecoder {
  private static final byte[] CRLF = {'\r', '\n'};

  private final boolean binary;
  private final boolean normalizing;
  private final LineEnds ends;
  private @Nullable NormalizedLines lines;
  private long left;
  private boolean last;
  private boolean ended;
  private boolean bareCr;
  private boolean bareLf;
  // the last two bytes of the content
  private byte beforeBefore;
  private byte before;

  /// @param binary whether the content need not consist of lines (BODY=BINARYMIME, RFC 3030 §3)
  /// @param ends how lines may end: if they may end with LF alone, they are made to end with CRLF
  public ChunkDecoder(boolean binary, LineEnds ends) {
    this.ends = ends;
    this.binary = binary;
    this.normalizing = ends.tolerated() && !binary;
    this.before = '\n';
    this.beforeBefore = '\r';
  }

  /// Begins the next chunk. An empty last chunk ends the content at the next {@link #decode}.
  ///
  /// @param size bytes of the chunk
  public void begin(long size, boolean isLast) {
    left = size;
    last = isLast;
  }

  /// Whether the present chunk has been read to its end.
  public boolean chunkEnded() {
    return left == 0;
  }

  @Override
  public int decode(byte[] bytes, int from, int to, Sink sink) {
    if (!normalizing) {
      return chunk(bytes, from, to, sink);
    }
    if (lines == null) {
      lines = new NormalizedLines(sink, ends::bare);
    }
    int end = chunk(bytes, from, to, lines);
    if (ended) {
      lines.end();
    }
    return end;
  }

  private int chunk(byte[] bytes, int from, int to, Sink sink) {
    int end = from + (int) Math.min(to - from, left);
    if (end > from) {
      look(bytes, from, end);
      sink.content(bytes, from, end);
      left -= end - from;
    }
    if (left == 0 && last && !ended) {
      ended = true;
      bareCr |= before == '\r';
      if (!binary && (before != '\n' || beforeBefore != '\r' && !normalizing)) {
        sink.content(CRLF, 0, CRLF.length);
      }
    }
    return end;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public boolean bareCr() {
    return bareCr && !binary && !normalizing;
  }

  @Override
  public boolean bareLf() {
    return bareLf && !binary && !normalizing;
  }

  private void look(byte[] bytes, int from, int to) {
    byte previous = before;
    if (!binary && !normalizing) {
      for (int i = from; i < to; i++) {
        byte b = bytes[i];
        bareLf |= b == '\n' && previous != '\r';
        bareCr |= previous == '\r' && b != '\n';
        previous = b;
      }
    }
    beforeBefore = to - from > 1 ? bytes[to - 2] : before;
    before = bytes[to - 1];
  }
}
