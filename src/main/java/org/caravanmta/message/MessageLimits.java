package org.caravanmta.message;

import org.caravanmta.config.Require;
import org.caravanmta.config.Size;

/// The limits of a message that is accepted, whether by SMTP or posted on this machine: keys of the
/// section `smtp`.
///
/// @param sizeLimit of a whole message, at least one byte (postfix `message_size_limit`)
/// @param headerLimit of its header section, at least 1 KiB
/// @param hopLimit a message with so many `Received:` fields is taken to be in a loop, at least 1
///   (RFC 5321 §6.3; postfix `hopcount_limit`)
public record MessageLimits(Size sizeLimit, Size headerLimit, int hopLimit) {
  /// A header section travels in the queue message, which has to stay small.
  private static final Size MOST_HEADERS = Size.ofKiB(128);

  public MessageLimits {
    Require.atLeast(1, "size-limit", sizeLimit.bytes());
    Require.atLeast(1024, "header-limit", headerLimit.bytes());
    Require.atMost(MOST_HEADERS, "header-limit", headerLimit);
    Require.atLeast(1, "hop-limit", hopLimit);
  }

  /// Whether a message is in a loop between servers (RFC 5321 §6.3).
  ///
  /// @param headers with our own `Received:` field in it
  public boolean loops(Headers headers) {
    return headers.all(ReceivedField.NAME).size() >= hopLimit;
  }
}
