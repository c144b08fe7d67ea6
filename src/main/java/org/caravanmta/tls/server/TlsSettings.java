package org.caravanmta.tls.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.tls.CertificateFiles;
import org.caravanmta.tls.TlsStrengthSettings;

/// The section `tls`: our certificates, and what clients may agree on with us (RFC 3207).
///
/// @param files our certificates and keys
/// @param askClientCertificate whether clients are asked for a certificate (postfix
///   `smtpd_tls_ask_ccert`)
/// @param clientAuthorities PEM files of the authorities whose client certificates are trusted
///   (postfix `smtpd_tls_CAfile`)
/// @param handshakeTimeout how long a whole handshake may take (postfix `smtpd_starttls_timeout`)
/// @param strength versions and ciphers
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
