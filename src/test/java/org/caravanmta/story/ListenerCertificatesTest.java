package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.caravanmta.Ports;
import org.caravanmta.tls.server.SelfSigned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Each listener shows its own certificate, or the one that all have.
@Execution(ExecutionMode.CONCURRENT)
class ListenerCertificatesTest {
  @TempDir Path directory;

  @Test
  void aListenerHasItsOwnCertificate() throws Exception {
    var common = SelfSigned.make("mx.caravan.test", directory.resolve("common"), Instant.now());
    var own = SelfSigned.make("mail.caravan.test", directory.resolve("own"), Instant.now());
    int submissions = Ports.free();
    try (var caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "tls.certificates=['" + common.certificate() + "']",
            "--set",
            "tls.keys=['" + common.key() + "']",
            "--set",
            "listeners.smtp.tls=implicit",
            "--set",
            "listeners.submissions.enabled=true",
            "--set",
            "listeners.submissions.address=127.0.0.1:" + submissions,
            "--set",
            "listeners.submissions.certificates=['" + own.certificate() + "']",
            "--set",
            "listeners.submissions.keys=['" + own.key() + "']")) {
      SSLContext trusting = trusting(read(common.certificate()), read(own.certificate()));

      assertThat(shown(trusting, caravan.smtp)).isEqualTo(read(common.certificate()));
      assertThat(shown(trusting, submissions)).isEqualTo(read(own.certificate()));
    }
  }

  private static Certificate shown(SSLContext context, int port) throws Exception {
    try (var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static SSLContext trusting(Certificate... certificates) throws Exception {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < certificates.length; i++) {
      store.setCertificateEntry("certificate" + i, certificates[i]);
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static Certificate read(Path pem) throws Exception {
    try (InputStream in = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
