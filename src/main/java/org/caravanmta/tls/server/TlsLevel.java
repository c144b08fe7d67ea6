package org.caravanmta.tls.server;

import java.util.Locale;

/// How much TLS a listener has (RFC 3207 §4, RFC 8314 §3).
public enum TlsLevel {
  /// None is offered.
  NONE,
  /// STARTTLS is offered when there is a certificate; a client that does not take it speaks in the
  /// clear.
  MAY,
  /// STARTTLS is offered, and mail is accepted only after it.
  ENCRYPT,
  /// TLS from the first byte on (RFC 8314 §3.3).
  IMPLICIT;

  /// As in the settings.
  ///
  /// @throws IllegalArgumentException if it is none of them
  public static TlsLevel of(String text) {
    for (TlsLevel level : values()) {
      if (level.toString().equals(text)) {
        return level;
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is none of none, may, encrypt, implicit");
  }

  /// Whether a listener with it is of no use without a certificate.
  public boolean needsCertificate() {
    return switch (this) {
      case NONE, MAY -> false;
      case ENCRYPT, IMPLICIT -> true;
    };
  }

  /// As in the settings.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
