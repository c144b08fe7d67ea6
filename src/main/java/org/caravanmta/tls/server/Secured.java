package org.caravanmta.tls.server;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.caravanmta.message.ClientCertificate;

/// What a TLS handshake has agreed on (RFC 8446 §2).
///
/// @param protocol `TLSv1.3`
/// @param cipher `TLS_AES_256_GCM_SHA384`
/// @param certificate what the client has shown
/// @param bindings the channel's own bytes by the name of their kind (RFC 5929 §4, RFC 9266 §2),
///   which a login can be bound to, so that nobody in between can pass it on
public record Secured(
    String protocol,
    String cipher,
    Optional<ClientCertificate> certificate,
    Map<String, byte[]> bindings) {
  private static final HexFormat FINGERPRINT = HexFormat.ofDelimiter(":").withUpperCase();

  /// `TLSv1.3 TLS_AES_256_GCM_SHA384`
  @Override
  public String toString() {
    return protocol + " " + cipher;
  }

  static Secured of(SSLSession session, Authorities authorities) {
    return new Secured(
        session.getProtocol(),
        session.getCipherSuite(),
        shown(session).map(chain -> certificate(chain, authorities)),
        bindings(session));
  }

  private static Optional<List<X509Certificate>> shown(SSLSession session) {
    try {
      var chain = new ArrayList<X509Certificate>();
      for (Certificate certificate : session.getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      return Optional.of(chain);
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static ClientCertificate certificate(
      List<X509Certificate> chain, Authorities authorities) {
    X509Certificate first = chain.getFirst();
    try {
      return new ClientCertificate(
          FINGERPRINT.formatHex(digest("SHA-256", first.getEncoded())),
          FINGERPRINT.formatHex(digest("SHA-256", first.getPublicKey().getEncoded())),
          CertificateNames.common(first.getSubjectX500Principal()),
          CertificateNames.common(first.getIssuerX500Principal()),
          authorities.vouchFor(chain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  private static Map<String, byte[]> bindings(SSLSession session) {
    var bindings = new HashMap<String, byte[]>();
    Certificate[] ours = session.getLocalCertificates();
    try {
      if (ours != null && ours.length > 0 && ours[0] instanceof X509Certificate certificate) {
        Optional<String> hash = hash(certificate.getSigAlgName());
        if (hash.isPresent()) {
          bindings.put("tls-server-end-point", digest(hash.get(), certificate.getEncoded()));
        }
      }
      // with TLS 1.2 it would need extended_master_secret, which the JDK does not tell us of
      if (session instanceof ExtendedSSLSession extended
          && session.getProtocol().equals("TLSv1.3")) {
        bindings.put(
            "tls-exporter",
            extended.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32));
      }
    } catch (GeneralSecurityException | SSLException | UnsupportedOperationException e) {
      // a login can be bound to what is there
      return Map.copyOf(bindings);
    }
    return Map.copyOf(bindings);
  }

  /// The hash of a certificate's signature, but none weaker than SHA-256 (RFC 5929 §4.1); absent
  /// for signatures without a hash of their own.
  private static Optional<String> hash(String signature) {
    String name = signature.toUpperCase(Locale.ROOT);
    if (name.startsWith("SHA384")) {
      return Optional.of("SHA-384");
    }
    if (name.startsWith("SHA512")) {
      return Optional.of("SHA-512");
    }
    return name.startsWith("SHA") || name.startsWith("MD5")
        ? Optional.of("SHA-256")
        : Optional.empty();
  }

  private static byte[] digest(String algorithm, byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance(algorithm).digest(bytes);
  }
}
