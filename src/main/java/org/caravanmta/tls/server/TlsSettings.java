package org.caravanmta.tls.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;

/// The section `tls`: our certificates, and what clients may agree on with us (RFC 3207).
public record TlsSettings(
    @Flat CertificateFiles files,
    boolean askClientCertificate,
    List<Path> clientAuthorities,
    Duration handshakeTimeout,
    TlsStrengthSettings strength) {
  public TlsSettings {
    Require.positive("handshake-timeout", handshakeTimeout);
  }
}
