package org.caravanmta.tls.server;

import java.util.Locale;

/// How a listener uses TLS (RFC 3207 §4, RFC 8314 §3; postfix `smtpd_tls_security_level`,
/// `smtpd_tls_wrappermode`).
public enum TlsLevel {
  /// TLS is not offered.
  NONE,
  /// STARTTLS is offered if there is a certificate; a client that does not use it speaks in the
  /// clear.
  MAY,
  /// STARTTLS is offered, and mail is accepted only after it.
  ENCRYPT,
  /// TLS from the first byte on (RFC 8314 §3.3).
  IMPLICIT;

  /// The level of this name in the settings.
  ///
  /// @throws IllegalArgumentException if there is none
  public static TlsLevel of(String text) {
    for (TlsLevel level : values()) {
      if (level.toString().equals(text)) {
        return level;
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is none of none, may, encrypt, implicit");
  }

  /// Whether a listener of this level cannot work without a certificate.
  public boolean needsCertificate() {
    return switch (this) {
      case NONE, MAY -> false;
      case ENCRYPT, IMPLICIT -> true;
    };
  }

  /// The name in the settings: `may`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
