package org.caravanmta.peers;

import java.io.IOException;
import java.util.Locale;

/// A level of `smtp_tls_policy_maps`, as one line of the table has it.
enum PolicyLevel {
  NONE,
  MAY,
  ENCRYPT,
  VERIFY,
  /// `verify` for a name that only the certificate with the wrong name has.
  MATCH,
  SECURE,
  FINGERPRINT,
  DANE,
  DANE_ONLY;

  static final String OTHER_NAME = "other.tls.example";

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The domain of this level that is served by a kind of server.
  String domain(ServerKind kind) {
    return label() + "." + kind.label() + "." + kind.zone();
  }

  /// What the table says of that domain.
  ///
  /// @param known the certificate that a fingerprint is of
  String policy(Identity known) throws IOException {
    return switch (this) {
      case MATCH -> "verify match=" + OTHER_NAME;
      case FINGERPRINT -> "fingerprint match=" + known.fingerprint();
      default -> label();
    };
  }
}
