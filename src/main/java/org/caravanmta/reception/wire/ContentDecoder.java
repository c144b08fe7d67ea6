package org.caravanmta.reception.wire;

/// A reader of a message's content as it is on the wire, after DATA (RFC 5321 §4.5.2) or BDAT (RFC
/// 3030 §2), which also knows where the content ends.
public sealed interface ContentDecoder permits DataDecoder, ChunkDecoder {
  /// The receiver of the decoded content, piece by piece.
  interface Sink {
    /// Takes the next piece, `bytes[from, to)`; the array is used again afterwards.
    void content(byte[] bytes, int from, int to);
  }

  /// Reads `bytes[from, to)` and gives the content in it to `sink`.
  ///
  /// @return the index after the last byte read: less than `to` only where the content, or a chunk
  ///   of it, ends
  int decode(byte[] bytes, int from, int to, Sink sink);

  /// Whether the content has ended.
  boolean ended();

  /// Whether the content so far has a CR without LF that the client has to be refused for.
  boolean bareCr();

  /// Whether the content so far has an LF without CR that the client has to be refused for.
  boolean bareLf();
}
