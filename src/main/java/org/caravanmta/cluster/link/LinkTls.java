package org.caravanmta.cluster.link;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// TLS between nodes. The certificate of a node is of this process only and says nothing: whose it
/// is is proved afterwards, with the secret.
final class LinkTls {
  /// Whatever the clocks of the nodes say, and however long a process runs.
  private static final Duration VALID = Duration.ofDays(36_500);

  private static final int SERIAL_BITS = 126;

  private LinkTls() {}

  static SSLContext server() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    var keys = KeyStore.getInstance("PKCS12");
    try {
      keys.load(null, null);
      keys.setKeyEntry(
          "node", pair.getPrivate(), new char[0], new X509Certificate[] {certificate(pair)});
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, new char[0]);
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  static SSLContext client() throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new ProvedLater()}, null);
    return context;
  }

  static SSLParameters parameters() {
    var parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    return parameters;
  }

  private static X509Certificate certificate(KeyPair pair) throws GeneralSecurityException {
    var name = new X500Name("CN=caravan");
    Instant now = Instant.now();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
              Date.from(now.minus(VALID)),
              Date.from(now.plus(VALID)),
              name,
              pair.getPublic());
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /// Takes any certificate: the proof that follows covers it.
  private static final class ProvedLater implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException("clients have no certificate");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // see the class
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
