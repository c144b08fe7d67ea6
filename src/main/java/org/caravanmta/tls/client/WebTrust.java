package org.caravanmta.tls.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.caravanmta.config.WrongSetting;

/// Trust in web servers (RFC 8461 §3.3): their certificates have to come from the authorities that
/// vouch for mail servers too, as these are when the server is asked. Its name is for whoever calls
/// it to check.
public final class WebTrust extends X509ExtendedTrustManager {
  private final Authorities authorities;

  private WebTrust(Authorities authorities) {
    this.authorities = authorities;
  }

  /// Trusts web servers whose certificates are from the authorities of the settings; it shows them
  /// none of ours.
  ///
  /// @throws WrongSetting names a file that cannot be used, and what is wrong with it
  public static SSLContext of(ClientTlsSettings own, InstantSource clock) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new WebTrust(Authorities.of(own, clock))}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    now().checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    now().checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    now().checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("we are no server here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("we are no server here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("we are no server here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private X509ExtendedTrustManager now() throws CertificateException {
    try {
      var parameters = new PKIXBuilderParameters(authorities.anchors(), new X509CertSelector());
      parameters.setRevocationEnabled(false);
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      for (TrustManager made : factory.getTrustManagers()) {
        if (made instanceof X509ExtendedTrustManager trust) {
          return trust;
        }
      }
      throw new CertificateException("there is nobody to trust");
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the authorities cannot be used: " + e.getMessage(), e);
    }
  }
}
