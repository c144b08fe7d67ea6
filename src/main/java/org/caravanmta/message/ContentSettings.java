package org.caravanmta.message;

import org.caravanmta.config.Require;
import org.caravanmta.config.Size;

/// The section `content`: where the bodies of messages are kept.
///
/// @param inlineLimit the largest body that travels inside the queue message; larger ones are in
///   the {@link ContentStore}
public record ContentSettings(Size inlineLimit) {
  /// With more, the broker would make a file of the message in every queue (a large message).
  private static final Size MOST_INLINE = Size.ofKiB(64);

  public ContentSettings {
    Require.atMost(MOST_INLINE, "inline-limit", inlineLimit);
  }
}
