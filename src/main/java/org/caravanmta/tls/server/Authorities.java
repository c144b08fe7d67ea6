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

/// Who may vouch for a client's certificate (RFC 5280 §6.1).
public final class Authorities {
  /// For the use of a certificate by a client (RFC 5280 §4.2.1.12), or any.
  private static final Set<String> CLIENT_USES = Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

  private final List<X509Certificate> trusted;

  /// @param files of their certificates; none: nobody vouches for anybody
  /// @throws IllegalArgumentException says which file, and what is wrong with it
  public Authorities(List<Path> files) {
    this.trusted =
        files.stream()
            .flatMap(file -> ServerIdentity.certificates(file).stream())
            .distinct()
            .toList();
  }

  /// Whether one of them vouches for the first certificate, over the others.
  boolean vouchFor(List<X509Certificate> chain) {
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
      // an authority may have been sent along; a path does not include its anchor
      var path = new ArrayList<>(chain);
      while (path.size() > 1 && trusted.contains(path.getLast())) {
        path.removeLast();
      }
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      List<String> uses = chain.getFirst().getExtendedKeyUsage();
      return uses == null || uses.stream().anyMatch(CLIENT_USES::contains);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// Lets every client finish the handshake, whatever it shows: who it is, restrictions decide.
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

      /// None is named, so that a client whose certificate is known by its fingerprint shows it
      /// too.
      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    };
  }
}
