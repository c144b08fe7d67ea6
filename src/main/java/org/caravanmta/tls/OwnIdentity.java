package org.caravanmta.tls;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.caravanmta.config.FileTrouble;

/// A private key and the certificate chain by which we prove our name (RFC 8446 §4.4.2), read from
/// PEM files (RFC 7468).
///
/// @param key the key of the first certificate
/// @param chain our certificate first, then those that lead to an authority
public record OwnIdentity(PrivateKey key, List<X509Certificate> chain) {
  public OwnIdentity {
    chain = List.copyOf(chain);
  }

  /// Our own certificate.
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /// Reads a chain, and its key from the same or another file.
  ///
  /// @param key empty if the key is in the file of the chain
  /// @throws IllegalArgumentException names the file, and what is wrong with it
  public static OwnIdentity read(Path chain, Optional<Path> key) {
    List<X509Certificate> certificates = certificates(chain);
    Path keyFile = key.orElse(chain);
    PrivateKey privateKey =
        objects(keyFile).stream()
            .flatMap(object -> key(keyFile, object).stream())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(keyFile + " holds no private key"));
    if (!fit(privateKey, certificates.getFirst().getPublicKey())) {
      throw new IllegalArgumentException(
          keyFile + " is not the key of the first certificate in " + chain);
    }
    return new OwnIdentity(privateKey, certificates);
  }

  /// All certificates in a file, at least one.
  ///
  /// @throws IllegalArgumentException names the file, and what is wrong with it
  public static List<X509Certificate> certificates(Path file) {
    var found = new ArrayList<X509Certificate>();
    for (Object object : objects(file)) {
      if (object instanceof X509CertificateHolder holder) {
        try {
          found.add(new JcaX509CertificateConverter().getCertificate(holder));
        } catch (GeneralSecurityException e) {
          throw new IllegalArgumentException(file + " holds a broken certificate: " + e, e);
        }
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no certificate in PEM form");
    }
    return found;
  }

  private static List<Object> objects(Path file) {
    var objects = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
        var parser = new PEMParser(reader)) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        objects.add(next);
      }
      return objects;
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + FileTrouble.of(e), e);
    } catch (RuntimeException e) {
      // the parser throws other exceptions for bytes that are not ASN.1
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// The private key that a PEM object is; empty if it is another object.
  private static Optional<PrivateKey> key(Path file, Object object) {
    var converter = new JcaPEMKeyConverter();
    try {
      return switch (object) {
        case PrivateKeyInfo info -> Optional.of(converter.getPrivateKey(info));
        case PEMKeyPair pair -> Optional.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
        case PKCS8EncryptedPrivateKeyInfo _, PEMEncryptedKeyPair _ ->
            throw new IllegalArgumentException(
                file + " holds a key with a passphrase, which nobody is there to type: remove it");
        default -> Optional.empty();
      };
    } catch (PEMException e) {
      throw new IllegalArgumentException(file + " holds a broken key: " + e.getMessage(), e);
    }
  }

  /// Whether the two belong together: what one signs, the other verifies.
  private static boolean fit(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (key.getAlgorithm().toUpperCase(Locale.ROOT)) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] sample = "caravan".getBytes(StandardCharsets.US_ASCII);
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(sample);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey);
      signer.update(sample);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
