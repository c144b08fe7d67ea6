package org.caravanmta.tls.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.caravanmta.table.TableName;
import org.caravanmta.tls.CertificateFiles;
import org.caravanmta.tls.TlsStrengthSettings;

/// Sections `delivery.tls` for tests.
///
/// @param level where no table says anything
/// @param policies tables
/// @param authority the only one that is trusted
/// @param own our certificates and keys
public record TlsSections(
    SecurityLevel level, List<String> policies, Path authority, CertificateFiles own) {
  static final Duration SHORT = Duration.ofSeconds(3);

  public static TlsSections of(SecurityLevel level, Path authority, String... policies) {
    return new TlsSections(
        level, Arrays.asList(policies), authority, new CertificateFiles(List.of(), List.of()));
  }

  public TlsSections showing(Path certificate, Path key) {
    return new TlsSections(
        level, policies, authority, new CertificateFiles(List.of(certificate), List.of(key)));
  }

  public ClientTlsSettings settings() {
    return settings(Duration.ofSeconds(30), List.of());
  }

  /// @param memory how long a server is remembered with which TLS has failed
  public ClientTlsSettings settings(Duration memory, List<String> groups) {
    return new ClientTlsSettings(
        level,
        level,
        policies.stream().map(TableName::new).toList(),
        own,
        List.of(authority),
        List.of("hostname"),
        List.of("nexthop", "dot-nexthop"),
        level == SecurityLevel.FINGERPRINT ? List.of("00".repeat(32)) : List.of(),
        FingerprintDigest.SHA256,
        groups,
        false,
        SHORT,
        memory,
        new TlsStrengthSettings(">=TLSv1.2", ">=TLSv1.2", "medium", "medium", "", ""));
  }
}
