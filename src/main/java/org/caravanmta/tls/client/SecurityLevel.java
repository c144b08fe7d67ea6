package org.caravanmta.tls.client;

import java.util.Locale;

/// What TLS with a server must be before it gets mail (postfix `smtp_tls_security_level`), the
/// weakest first.
public enum SecurityLevel {
  /// No TLS.
  NONE,
  /// TLS if the server offers it and the handshake succeeds; otherwise in the clear (RFC 7435).
  MAY,
  /// TLS with anybody.
  ENCRYPT,
  /// As the server's TLSA records ask (RFC 7672); without any, as {@link #MAY}.
  DANE,
  /// As the server's TLSA records ask; without any, no mail.
  DANE_ONLY,
  /// A certificate or public key with a digest that the operator has named.
  FINGERPRINT,
  /// A certificate from an authority that we trust, for a name that the operator has named or for
  /// the name of the server, which the DNS may have given.
  VERIFY,
  /// A certificate from an authority that we trust, for a name that the operator has named or for
  /// the domain of the next hop.
  SECURE;

  /// The level of this name in settings and tables: `dane-only`.
  ///
  /// @throws IllegalArgumentException if there is none
  public static SecurityLevel of(String text) {
    for (SecurityLevel level : values()) {
      if (level.toString().equalsIgnoreCase(text)) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is none of none, may, encrypt, dane, dane-only, fingerprint, verify, secure");
  }

  /// Whether no mail may go in the clear.
  public boolean isMandatory() {
    return this != NONE && this != MAY && this != DANE;
  }

  /// The name in settings and tables.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
