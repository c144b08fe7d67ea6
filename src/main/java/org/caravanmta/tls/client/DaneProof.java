package org.caravanmta.tls.client;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// The check of a server's certificates against its TLSA records (RFC 7672 §3.1): DANE-EE(3) means
/// its own certificate, whatever names and dates that has; DANE-TA(2) an authority above it, and
/// then the names count. The usages 0 and 1 cannot be used for mail (§3.1.3).
final class DaneProof {
  private DaneProof() {}

  /// @param records usable ones, at least one
  /// @param named whether the certificate is for a name that DANE-TA takes
  static Proof of(
      List<X509Certificate> chain, List<TlsaRecord> records, boolean named, Instant now) {
    try {
      X509Certificate own = chain.getFirst();
      for (TlsaRecord record : records) {
        if (record.usage() == TlsaRecord.DANE_EE && matches(own, record)) {
          return Proof.of(Trust.VERIFIED, true);
        }
      }
      Set<TrustAnchor> anchors = anchors(chain, records);
      if (anchors.isEmpty()) {
        return Proof.lacking(
            Trust.UNTRUSTED,
            named,
            TlsProblem.VALIDATION_FAILURE,
            "no certificate matches a TLSA record");
      }
      Optional<Shortcoming> against = Chains.objection(chain, anchors, now);
      if (against.isPresent()) {
        return Proof.lacking(Trust.UNTRUSTED, named, against.get().problem(), against.get().why());
      }
      return named
          ? Proof.of(Trust.VERIFIED, true)
          : Proof.lacking(
              Trust.TRUSTED,
              false,
              TlsProblem.CERTIFICATE_HOST_MISMATCH,
              "the certificate is for another host");
    } catch (GeneralSecurityException | RuntimeException e) {
      return Proof.lacking(
          Trust.UNTRUSTED, named, TlsProblem.VALIDATION_FAILURE, String.valueOf(e.getMessage()));
    }
  }

  private static Set<TrustAnchor> anchors(List<X509Certificate> chain, List<TlsaRecord> records)
      throws GeneralSecurityException {
    var anchors = new HashSet<TrustAnchor>();
    for (TlsaRecord record : records) {
      if (record.usage() != TlsaRecord.DANE_TA) {
        continue;
      }
      for (X509Certificate each : chain.subList(1, chain.size())) {
        if (matches(each, record)) {
          anchors.add(new TrustAnchor(each, null));
        }
      }
      if (record.matching() == 0) {
        anchors.add(given(chain, record));
      }
    }
    return anchors;
  }

  /// The authority that a record holds whole: the server need not show it (RFC 7672 §3.1.2).
  private static TrustAnchor given(List<X509Certificate> chain, TlsaRecord record)
      throws GeneralSecurityException {
    byte[] data = HexFormat.of().parseHex(record.data());
    if (record.selector() == 0) {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(data));
      return new TrustAnchor(certificate, null);
    }
    return new TrustAnchor(chain.getLast().getIssuerX500Principal(), key(data), null);
  }

  private static PublicKey key(byte[] data) throws GeneralSecurityException {
    try {
      return new JcaPEMKeyConverter().getPublicKey(SubjectPublicKeyInfo.getInstance(data));
    } catch (PEMException e) {
      throw new GeneralSecurityException("a TLSA record holds a broken key", e);
    }
  }

  private static boolean matches(X509Certificate certificate, TlsaRecord record)
      throws GeneralSecurityException {
    byte[] subject =
        record.selector() == 0 ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
    byte[] shown =
        switch (record.matching()) {
          case 1 -> MessageDigest.getInstance("SHA-256").digest(subject);
          case 2 -> MessageDigest.getInstance("SHA-512").digest(subject);
          default -> subject;
        };
    return HexFormat.of().formatHex(shown).equals(record.data());
  }
}
