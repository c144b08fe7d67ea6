package org.caravanmta.tls.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// The function that makes the digests of certificates and public keys that policies name (postfix
/// `smtp_tls_fingerprint_digest`). Forgers can make another certificate with the same MD5 (RFC 6151
/// §2.1), and are near to it with SHA-1.
public enum FingerprintDigest {
  SHA256("SHA-256", 32),
  SHA512("SHA-512", 64),
  SHA384("SHA-384", 48),
  SHA1("SHA-1", 20),
  MD5("MD5", 16);

  private final String algorithm;
  private final int bytes;

  FingerprintDigest(String algorithm, int bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  /// Whether there may be two things with the same digest.
  public boolean isWeak() {
    return this == SHA1 || this == MD5;
  }

  /// A digest without its colons, in small letters.
  ///
  /// @throws IllegalArgumentException if `text` is not a digest of this kind
  String normal(String text) {
    String hex = text.replace(":", "").toLowerCase(Locale.ROOT);
    if (!hex.matches("[0-9a-f]{" + bytes * 2 + "}")) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a digest by "
              + name().toLowerCase(Locale.ROOT)
              + ", "
              + bytes
              + " pairs of hexadecimal digits");
    }
    return hex;
  }

  /// Whether the certificate, or its public key, has one of these digests.
  boolean matches(X509Certificate certificate, List<String> digests)
      throws CertificateEncodingException {
    return digests.contains(of(certificate.getEncoded()))
        || digests.contains(of(certificate.getPublicKey().getEncoded()));
  }

  private String of(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
