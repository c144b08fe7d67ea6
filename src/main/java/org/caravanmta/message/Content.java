package org.caravanmta.message;

/// The body of a message (RFC 5322 §2.3): every byte after the empty line that ends the header
/// section, without the dots that SMTP has put before lines (RFC 5321 §4.5.2). It is never changed
/// in place; a stage that edits it makes new content.
public sealed interface Content {
  /// Bytes of the body.
  long length();

  /// A body that is small enough to travel inside the queue message (`content.inline-limit`).
  ///
  /// @param bytes not to be changed
  record Inline(byte[] bytes) implements Content {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  /// A body in the {@link ContentStore}; it stays there as long as a queue message has the
  /// reference.
  ///
  /// @param ref the name of a file in the store
  /// @param crc CRC-32C of all its bytes, checked when it is read
  record Stored(String ref, long length, int crc) implements Content {}
}
