package org.caravanmta.peers;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority of a test's own (RFC 5280): certificates that are good, that have
/// expired, or that nobody vouches for. Files that Postfix and the like read lie in its directory.
public final class Authority {
  private static final int SERIAL_BITS = 126;
  private static final Duration YEAR = Duration.ofDays(365);

  private final Path directory;
  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private Authority(Path directory, X500Name name, KeyPair keys, X509Certificate certificate) {
    this.directory = directory;
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
  }

  /// Makes an authority.
  ///
  /// @param directory where its files go: NAME.pem is its own certificate
  public static Authority make(Path directory, String name) throws IOException {
    Files.createDirectories(directory);
    KeyPair keys = keys();
    X500Name own = name(name);
    Instant now = Instant.now();
    X509Certificate certificate =
        certificate(own, keys, own, keys, now.minus(YEAR), now.plus(YEAR), true, name);
    var authority = new Authority(directory, own, keys, certificate);
    authority.written(name, keys, certificate);
    return authority;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /// A certificate that is valid today.
  ///
  /// @param file what its files are called: FILE.pem and FILE.key
  /// @param names DNS names that it is for
  public Identity issue(String file, String... names) throws IOException {
    Instant now = Instant.now();
    return issue(file, keys(), now.minus(Duration.ofDays(1)), now.plus(YEAR), names);
  }

  /// The same with an RSA key: the GnuTLS of Exim takes no other that the JDK has made.
  public Identity rsa(String file, String... names) throws IOException {
    Instant now = Instant.now();
    return issue(file, rsaKeys(), now.minus(Duration.ofDays(1)), now.plus(YEAR), names);
  }

  /// A certificate that was valid until yesterday.
  public Identity expired(String file, String... names) throws IOException {
    Instant now = Instant.now();
    return issue(file, keys(), now.minus(YEAR), now.minus(Duration.ofDays(1)), names);
  }

  /// A certificate that vouches for itself only (RFC 5280 §3.2).
  public Identity selfSigned(String file, String... names) throws IOException {
    KeyPair own = keys();
    X500Name subject = name(names[0]);
    Instant now = Instant.now();
    return written(
        file,
        own,
        certificate(
            subject,
            own,
            subject,
            own,
            now.minus(Duration.ofDays(1)),
            now.plus(YEAR),
            false,
            names));
  }

  private Identity issue(String file, KeyPair own, Instant from, Instant until, String... names)
      throws IOException {
    return written(
        file, own, certificate(name(names[0]), own, name, keys, from, until, false, names));
  }

  private Identity written(String file, KeyPair own, X509Certificate certificate)
      throws IOException {
    return Identity.write(directory.resolve(file), own.getPrivate(), certificate);
  }

  private static X500Name name(String name) {
    return new X500NameBuilder().addRDN(BCStyle.CN, name).build();
  }

  private static KeyPair keys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static KeyPair rsaKeys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static X509Certificate certificate(
      X500Name subject,
      KeyPair own,
      X500Name issuer,
      KeyPair signing,
      Instant from,
      Instant until,
      boolean authority,
      String... names)
      throws IOException {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
              Date.from(from),
              Date.from(until),
              subject,
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!authority) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                Arrays.stream(names)
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException | CertIOException e) {
      throw new IOException(e);
    }
  }
}
