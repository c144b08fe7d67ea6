package org.caravanmta.tls.client;

import java.util.List;
import java.util.Optional;
import org.caravanmta.tls.Strength;

/// What TLS with one server must be before it gets mail. Connections made by different policies are
/// never exchanged for each other.
///
/// @param level how much the server must prove
/// @param match what its certificate must match: for {@link SecurityLevel#FINGERPRINT} digests, for
///   {@link SecurityLevel#VERIFY} and {@link SecurityLevel#SECURE} names, of which `.example.org`
///   means any name below that domain; otherwise empty
/// @param serverName the name asked for in the handshake (RFC 6066 §3), an A-label; absent for none
/// @param strength the versions and ciphers that may be agreed on
/// @param dane the records that the certificate must match by DANE; at least one if the level is
///   {@link SecurityLevel#DANE} or {@link SecurityLevel#DANE_ONLY} and DANE is to be used,
///   otherwise empty
/// @param origin who says so
public record TlsPolicy(
    SecurityLevel level,
    List<String> match,
    Optional<String> serverName,
    Strength strength,
    List<TlsaRecord> dane,
    Origin origin) {
  /// Mail in the clear.
  public static final TlsPolicy NONE =
      new TlsPolicy(
          SecurityLevel.NONE,
          List.of(),
          Optional.empty(),
          Strength.USUAL,
          List.of(),
          Origin.SETTINGS);

  public TlsPolicy {
    match = List.copyOf(match);
    dane = List.copyOf(dane);
  }

  /// Who says what TLS must be.
  public enum Origin {
    /// The setting `delivery.tls.level`.
    SETTINGS("default"),
    /// A table of `delivery.tls.policies`.
    TABLE("table"),
    /// The TLSA records of the server (RFC 7672).
    DANE("dane"),
    /// The policy that the recipients' domain publishes (RFC 8461).
    MTA_STS("sts"),
    /// The sender, by REQUIRETLS or by a field `TLS-Required: No` (RFC 8689).
    SENDER("sender");

    private final String word;

    Origin(String word) {
      this.word = word;
    }

    /// The word in the log.
    @Override
    public String toString() {
      return word;
    }
  }
}
