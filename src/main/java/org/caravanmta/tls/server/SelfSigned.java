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

/// A key and a certificate that nobody but itself vouches for (RFC 5280 §3.2), for trying out:
/// `key.pem` and `cert.pem`.
///
/// @param certificate its file
/// @param key the file of its key, for the owner's eyes only
public record SelfSigned(Path certificate, Path key) {
  private static final Duration VALID = Duration.ofDays(825);
  private static final int SERIAL_BITS = 126;

  /// Makes both and writes them into `directory`, where there must be none yet.
  ///
  /// @throws IOException if they cannot be written, or are there
  public static SelfSigned make(String hostname, Path directory, Instant now) throws IOException {
    // who can write there can put another key in its place
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
      // some clocks are behind
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
