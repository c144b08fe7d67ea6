package org.caravanmta.message;

import org.caravanmta.config.Require;
import org.caravanmta.config.Size;

/// The section `content`: where bodies are kept.
public record ContentSettings(Size inlineLimit) {
  /// A larger queue message would be a large message of the broker's: a file for every hop.
  private static final Size MOST_INLINE = Size.ofKiB(64);

  public ContentSettings {
    Require.atMost(MOST_INLINE, "inline-limit", inlineLimit);
  }
}
