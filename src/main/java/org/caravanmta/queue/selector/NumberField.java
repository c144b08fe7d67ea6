package org.caravanmta.queue.selector;

import java.util.Locale;

/// What selectors know of a message as a number.
public enum NumberField {
  /// Milliseconds since its arrival, written `90s`, `5m`, `2h`, `3d`.
  AGE,

  /// Milliseconds since a content filter has set it aside, written as an age.
  DETAINED,

  /// How many delivery attempts have been made.
  ATTEMPTS,

  /// Bytes, as SMTP counts them (RFC 1870 §3).
  SIZE;

  /// Whether it is a time.
  boolean isTime() {
    return this == AGE || this == DETAINED;
  }

  /// As an expression writes it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
