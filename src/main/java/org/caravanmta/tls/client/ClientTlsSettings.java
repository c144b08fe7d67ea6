package org.caravanmta.tls.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.table.TableName;
import org.caravanmta.tls.CertificateFiles;
import org.caravanmta.tls.TlsStrengthSettings;

/// The section `delivery.tls`: what TLS with servers must be (RFC 3207, RFC 7435).
///
/// @param level for servers that no table says anything of (postfix `smtp_tls_security_level`)
/// @param lmtpLevel the same for delivery by LMTP (postfix `lmtp_tls_security_level`)
/// @param policies tables from next hops to levels and attributes (postfix `smtp_tls_policy_maps`)
/// @param files our certificates and keys, for servers that ask for one (postfix
///   `smtp_tls_cert_file`, `smtp_tls_key_file`)
/// @param authorities PEM files, or directories of them, of the authorities that we trust; empty:
///   those of the system (postfix `smtp_tls_CAfile`, `smtp_tls_CApath`)
/// @param verifyMatch the names that a certificate may be for at the level `verify`, (postfix
///   `smtp_tls_verify_cert_match`)
/// @param secureMatch the same at the level `secure` (postfix `smtp_tls_secure_cert_match`)
/// @param fingerprints the digests at the level `fingerprint` (postfix
///   `smtp_tls_fingerprint_cert_match`)
/// @param fingerprintDigest how digests are made (postfix `smtp_tls_fingerprint_digest`)
/// @param groups the groups of the key exchange as Java names them, the preferred first (postfix
///   `tls_eecdh_auto_curves`); empty: those of Java
/// @param wrapped whether TLS begins with the first byte on every port (postfix
///   `smtp_tls_wrappermode`); on port 465 it always does (RFC 8314 §3.3)
/// @param handshakeTimeout how long STARTTLS and the handshake may take (postfix
///   `smtp_starttls_timeout`)
/// @param fallbackMemory how long mail goes in the clear to a server after a handshake that need
///   not succeed has failed
/// @param strength versions and ciphers
public record ClientTlsSettings(
    SecurityLevel level,
    SecurityLevel lmtpLevel,
    List<TableName> policies,
    @Flat CertificateFiles files,
    List<Path> authorities,
    List<String> verifyMatch,
    List<String> secureMatch,
    List<String> fingerprints,
    FingerprintDigest fingerprintDigest,
    List<String> groups,
    boolean wrapped,
    Duration handshakeTimeout,
    Duration fallbackMemory,
    TlsStrengthSettings strength) {
  public ClientTlsSettings {
    Require.positive("handshake-timeout", handshakeTimeout);
    if (fallbackMemory.isNegative()) {
      throw new IllegalArgumentException("fallback-memory must not be negative");
    }
    require("verify-match", verifyMatch);
    require("secure-match", secureMatch);
    for (String each : fingerprints) {
      try {
        var _ = fingerprintDigest.normal(each);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("fingerprints must be digests: " + e.getMessage(), e);
      }
    }
    for (SecurityLevel each : List.of(level, lmtpLevel)) {
      if (each == SecurityLevel.FINGERPRINT && fingerprints.isEmpty()) {
        throw new IllegalArgumentException(
            "fingerprints must name a digest where the level is fingerprint");
      }
    }
  }

  private static void require(String key, List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException(key + " must have at least one name");
    }
    for (String name : names) {
      if (!ServerName.is(name)) {
        throw new IllegalArgumentException(
            key + " must be names, hostname, nexthop or dot-nexthop, was " + name);
      }
    }
  }

  /// Whether servers may be asked to match their TLSA records (RFC 7672).
  public boolean mayUseDane() {
    return isDane(level) || isDane(lmtpLevel) || !policies.isEmpty(); // a row may say dane
  }

  private static boolean isDane(SecurityLevel level) {
    return level == SecurityLevel.DANE || level == SecurityLevel.DANE_ONLY;
  }
}
