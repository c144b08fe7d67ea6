package org.caravanmta.peers;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/// A certificate and its private key, as files and as what the JDK's own TLS takes.
///
/// @param chain the PEM file of the certificate
/// @param key the PEM file of the key (PKCS #8)
public record Identity(Path chain, Path key, PrivateKey secret, X509Certificate certificate) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  static Identity write(Path stem, PrivateKey secret, X509Certificate certificate)
      throws IOException {
    Path chain = stem.resolveSibling(stem.getFileName() + ".pem");
    Path key = stem.resolveSibling(stem.getFileName() + ".key");
    Files.writeString(chain, pem(certificate));
    Files.writeString(key, pem(new JcaPKCS8Generator(secret, null)));
    return new Identity(chain, key, secret, certificate);
  }

  /// The data of a record `TLSA 3 1 1`: the digest of its public key (RFC 6698 §2.1).
  public String tlsa() throws IOException {
    return "3 1 1 " + hex("SHA-256", certificate.getPublicKey().getEncoded());
  }

  /// As `smtp_tls_policy_maps` writes it after `match=`: the SHA-256 digest of the certificate.
  public String fingerprint() throws IOException {
    try {
      return hex("SHA-256", certificate.getEncoded()).replaceAll("(..)(?!$)", "$1:");
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /// TLS for a server that shows this certificate.
  ///
  /// @param clients who vouches for the certificates of clients
  public SSLContext serving(X509Certificate clients) throws IOException {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, PASSWORD);
      store.setKeyEntry("own", secret, PASSWORD, new Certificate[] {certificate});
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, PASSWORD);
      trusted.setCertificateEntry("clients", clients);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      TrustManager[] managers = trust.getTrustManagers();
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String hex(String digest, byte[] bytes) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance(digest).digest(bytes))
          .toUpperCase(Locale.ROOT);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
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
