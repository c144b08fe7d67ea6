package org.caravanmta.tls.server;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.tls.CertificateNames;
import org.caravanmta.tls.ChannelBindings;

/// What client and server have agreed on in a TLS handshake (RFC 8446 §2).
///
/// @param protocol the version as Java names it: `TLSv1.3`
/// @param cipher the suite as Java names it: `TLS_AES_256_GCM_SHA384`
/// @param certificate what the client has shown; empty if nothing
/// @param bindings the channel binding data by type (RFC 5929 §4, RFC 9266 §2); a login bound to
///   them cannot be passed on by somebody in between
public record TlsSession(
    String protocol,
    String cipher,
    Optional<ClientCertificate> certificate,
    Map<String, byte[]> bindings) {
  /// Fingerprints as Postfix writes them: `AB:CD:…`.
  private static final HexFormat FINGERPRINT = HexFormat.ofDelimiter(":").withUpperCase();

  /// Version and cipher as the log shows them: `TLSv1.3 TLS_AES_256_GCM_SHA384`.
  @Override
  public String toString() {
    return protocol + " " + cipher;
  }

  static TlsSession of(SSLSession session, ClientAuthorities authorities) {
    return new TlsSession(
        session.getProtocol(),
        session.getCipherSuite(),
        clientChain(session).map(chain -> certificate(chain, authorities)),
        bindings(session));
  }

  /// The certificates that the client has shown, its own first; empty if it has shown none.
  private static Optional<List<X509Certificate>> clientChain(SSLSession session) {
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
      List<X509Certificate> chain, ClientAuthorities authorities) {
    X509Certificate first = chain.getFirst();
    try {
      return new ClientCertificate(
          FINGERPRINT.formatHex(digest("SHA-256", first.getEncoded())),
          FINGERPRINT.formatHex(digest("SHA-256", first.getPublicKey().getEncoded())),
          CertificateNames.common(first.getSubjectX500Principal()),
          CertificateNames.common(first.getIssuerX500Principal()),
          authorities.trust(chain));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  private static Map<String, byte[]> bindings(SSLSession session) {
    Certificate[] ours = session.getLocalCertificates();
    return ChannelBindings.of(
        session,
        ours != null && ours.length > 0 && ours[0] instanceof X509Certificate own
            ? Optional.of(own)
            : Optional.empty());
  }

  private static byte[] digest(String algorithm, byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance(algorithm).digest(bytes);
  }
}
