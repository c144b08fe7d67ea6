package org.caravanmta.tls;

import java.nio.file.Path;
import java.util.List;

/// The PEM files of our certificates and private keys (postfix `smtpd_tls_cert_file`,
/// `smtpd_tls_key_file`).
///
/// @param certificates one file for each certificate, which comes first, before the rest of its
///   chain
/// @param keys one file for each certificate, in the same order; if empty, the keys are in the
///   files of the certificates
public record CertificateFiles(List<Path> certificates, List<Path> keys) {
  public CertificateFiles {
    if (!keys.isEmpty() && keys.size() != certificates.size()) {
      throw new IllegalArgumentException(
          "keys must name a file for each certificate, or none at all");
    }
  }
}
