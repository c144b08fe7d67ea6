package org.caravanmta.queue.selector;

import java.util.Locale;

/// What selectors know of a message as a number.
public enum NumberField {
  /// Milliseconds since its arrival, written `90s`, `5m`, `2h`, `3d`.
  AGE,

  /// How many delivery attempts have been made.
  ATTEMPTS,

  /// Bytes, as SMTP counts them (RFC 1870 §3).
  SIZE;

  /// As an expression writes it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
