package org.caravanmta.message;

import org.caravanmta.config.Require;
import org.caravanmta.config.Size;

/// What a message may be that is taken, in whatever way it comes: keys of the section `smtp`.
///
/// @param sizeLimit the largest message
/// @param headerLimit the largest header section
/// @param hopLimit `Received:` fields from which on a message is taken to loop (RFC 5321 §6.3)
public record MessageLimits(Size sizeLimit, Size headerLimit, int hopLimit) {
  /// A header section travels in the queue message, which is to stay small.
  private static final Size MOST_HEADERS = Size.ofKiB(128);

  public MessageLimits {
    Require.atLeast(1, "size-limit", sizeLimit.bytes());
    Require.atLeast(1024, "header-limit", headerLimit.bytes());
    Require.atMost(MOST_HEADERS, "header-limit", headerLimit);
    Require.atLeast(1, "hop-limit", hopLimit);
  }

  /// Whether a message has been on its way too long: it goes round between servers (RFC 5321 §6.3).
  ///
  /// @param headers with our own `Received:` field
  public boolean loops(Headers headers) {
    return headers.all(ReceivedField.NAME).size() >= hopLimit;
  }
}
