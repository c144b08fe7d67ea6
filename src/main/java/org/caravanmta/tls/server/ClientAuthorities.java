package org.caravanmta.tls.server;

import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.caravanmta.tls.OwnIdentity;

/// The certification authorities that we trust to issue certificates to clients (RFC 5280 §6.1;
/// postfix `smtpd_tls_CAfile`).
public final class ClientAuthorities {
  /// The key purposes of which a client's certificate must have one, if it names any: client
  /// authentication, or any purpose (RFC 5280 §4.2.1.12).
  private static final Set<String> CLIENT_PURPOSES = Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

  private final List<X509Certificate> trusted;

  /// Reads their certificates.
  ///
  /// @param files PEM files; if there are none, no certificate is trusted
  /// @throws IllegalArgumentException names the file, and what is wrong with it
  public ClientAuthorities(List<Path> files) {
    this.trusted =
        files.stream().flatMap(file -> OwnIdentity.certificates(file).stream()).distinct().toList();
  }

  /// Whether the first certificate leads to one of these authorities over the others, and may be
  /// used by a client. Revocation is not checked.
  boolean trust(List<X509Certificate> chain) {
    if (trusted.isEmpty()) {
      return false;
    }
    try {
      Set<TrustAnchor> anchors =
          trusted.stream()
              .map(authority -> new TrustAnchor(authority, null))
              .collect(Collectors.toSet());
      var parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      // the client may have sent the authority's own certificate, which a path must not include
      var path = new ArrayList<>(chain);
      while (path.size() > 1 && trusted.contains(path.getLast())) {
        path.removeLast();
      }
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      List<String> purposes = chain.getFirst().getExtendedKeyUsage();
      return purposes == null || purposes.stream().anyMatch(CLIENT_PURPOSES::contains);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// A trust manager that lets every client finish the handshake, whatever certificate it shows:
  /// what that is worth is for the restrictions to decide.
  X509ExtendedTrustManager anyClient() {
    return new X509ExtendedTrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type) {}

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        throw new IllegalStateException("we are the server");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        throw new IllegalStateException("we are the server");
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type) {
        throw new IllegalStateException("we are the server");
      }

      /// No authority is named, so that a client whose certificate we know by its fingerprint shows
      /// it too.
      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    };
  }
}
