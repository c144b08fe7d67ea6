package org.caravanmta.tls.server;

import java.nio.file.Path;
import java.util.List;

/// Files of certificates, each with its chain, and those of their private keys.
///
/// @param keys one for each certificate, or none: then they are in the files of the certificates
public record CertificateFiles(List<Path> certificates, List<Path> keys) {
  public CertificateFiles {
    if (!keys.isEmpty() && keys.size() != certificates.size()) {
      throw new IllegalArgumentException(
          "keys must name a file for each certificate, or none at all");
    }
  }
}
