package org.caravanmta.reception.wire;

/// Takes a message's content out of what is on the wire, and knows where it ends.
public sealed interface ContentDecoder permits DataDecoder, ChunkDecoder {
  /// Takes the content in pieces.
  interface Sink {
    /// `bytes[from, to)` is the next piece; the array is used again afterwards.
    void content(byte[] bytes, int from, int to);
  }

  /// Reads `bytes[from, to)`, giving the content to `sink`.
  ///
  /// @return the index after the last byte read: less than `to` only where the content, or a chunk
  ///   of it, ends
  int decode(byte[] bytes, int from, int to, Sink sink);

  /// Whether the content has ended.
  boolean ended();

  /// Whether a CR without LF was among it, where that matters.
  boolean bareCr();

  /// Whether an LF without CR was among it, where that matters.
  boolean bareLf();
}
