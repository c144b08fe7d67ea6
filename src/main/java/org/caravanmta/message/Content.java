package org.caravanmta.message;

/// The body of a message (RFC 5322 §2.3): every byte after the empty line that ends the header
/// section, as received and with dots unstuffed. Never changed between reception and delivery.
public sealed interface Content {
  long length();

  /// A body small enough to travel inside the queue message (`content.inline-limit`).
  record Inline(byte[] bytes) implements Content {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  /// A body kept in the {@link ContentStore}; whoever holds this message holds the reference.
  ///
  /// @param ref the name of a file in the store
  /// @param crc CRC-32C of all its bytes, checked when it is read
  record Stored(String ref, long length, int crc) implements Content {}
}
