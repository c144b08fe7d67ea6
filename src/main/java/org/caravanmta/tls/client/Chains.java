package org.caravanmta.tls.client;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds out if the certificate of a server leads to an authority (RFC 5280 §6.1) over the others
/// that it has shown, in whatever order. Revocation is not checked.
final class Chains {
  /// The key purposes of which a server's certificate must have one, if it names any: server
  /// authentication, or any purpose (RFC 5280 §4.2.1.12).
  private static final Set<String> SERVER_PURPOSES = Set.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

  private Chains() {}

  /// What stands against the chain; absent if it leads to one of the anchors.
  static Optional<Shortcoming> objection(
      List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant now) {
    X509Certificate own = chain.getFirst();
    try {
      own.checkValidity(Date.from(now));
      if (anchors.isEmpty()) {
        return Optional.of(untrusted("no authority is trusted"));
      }
      List<String> purposes = own.getExtendedKeyUsage();
      if (purposes != null && purposes.stream().noneMatch(SERVER_PURPOSES::contains)) {
        return Optional.of(untrusted("the certificate is not for a server"));
      }
      if (anchors.stream().anyMatch(anchor -> own.equals(anchor.getTrustedCert()))) {
        return Optional.empty();
      }
      var wanted = new X509CertSelector();
      wanted.setCertificate(own);
      var parameters = new PKIXBuilderParameters(anchors, wanted);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      CertPathBuilder.getInstance("PKIX").build(parameters);
      return Optional.empty();
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      return Optional.of(new Shortcoming(TlsProblem.CERTIFICATE_EXPIRED, text(e)));
    } catch (GeneralSecurityException e) {
      return Optional.of(
          isExpired(e)
              ? new Shortcoming(TlsProblem.CERTIFICATE_EXPIRED, text(e))
              : untrusted(text(e)));
    }
  }

  private static Shortcoming untrusted(String why) {
    return new Shortcoming(TlsProblem.CERTIFICATE_NOT_TRUSTED, why);
  }

  /// Whether a certificate above the server's is not valid at this time.
  private static boolean isExpired(Throwable failure) {
    Throwable here = failure;
    while (here != null) {
      if (here instanceof CertPathValidatorException e
          && (e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID)) {
        return true;
      }
      here = here.getCause() == here ? null : here.getCause();
    }
    return false;
  }

  private static String text(Throwable e) {
    return String.valueOf(e.getMessage());
  }
}
