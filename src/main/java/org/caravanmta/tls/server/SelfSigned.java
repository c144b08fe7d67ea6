package org.caravanmta.tls.server;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A private key and a self-signed certificate (RFC 5280 §3.2), for trying TLS out: `key.pem` and
/// `cert.pem`.
///
/// @param certificate the PEM file of the certificate
/// @param key the PEM file of the key, readable by its owner only
public record SelfSigned(Path certificate, Path key) {
  /// The longest validity that the programs of Apple accept.
  private static final Duration VALID = Duration.ofDays(825);

  /// More than the 64 random bits that a serial number should have, and within the 20 bytes that it
  /// may have (RFC 5280 §4.1.2.2).
  private static final int SERIAL_BITS = 126;

  /// Makes a key and a certificate, and writes them into `directory`, which is made if need be.
  ///
  /// @param hostname the name that the certificate is for
  /// @throws IOException if they cannot be written, or one of the files exists
  public static SelfSigned make(String hostname, Path directory, Instant now) throws IOException {
    // whoever can write there can replace the key
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var made = new SelfSigned(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    for (Path file : Set.of(made.certificate(), made.key())) {
      if (Files.exists(file)) {
        throw new IOException(file + " is there already, and is left as it is");
      }
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      var name = new X500NameBuilder().addRDN(BCStyle.CN, hostname).build();
      // some clocks are slow
      Instant from = now.minus(Duration.ofHours(1));
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
              Date.from(from),
              Date.from(from.plus(VALID)),
              name,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, hostname)));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
      Files.createFile(
          made.key(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          made.key(),
          pem(new JcaPKCS8Generator(pair.getPrivate(), null)),
          StandardOpenOption.WRITE);
      Files.writeString(made.certificate(), pem(builder.build(signer)));
      return made;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("a certificate cannot be made: " + e.getMessage(), e);
    }
  }

  private static String pem(Object object) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
