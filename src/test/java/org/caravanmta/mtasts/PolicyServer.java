package org.caravanmta.mtasts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.caravanmta.tls.server.SelfSigned;

/// A real web server over TLS on a loopback port, with a certificate for one name, which gives
/// every client the same answer.
final class PolicyServer implements AutoCloseable {
  /// What it answers.
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  final AtomicInteger asked = new AtomicInteger();
  volatile Answer answer;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SSLContext trusted;

  PolicyServer(String name, Path directory, Instant now, Answer answer)
      throws IOException, GeneralSecurityException {
    this.answer = answer;
    var made = SelfSigned.make(name, directory, now);
    Certificate certificate;
    try (InputStream in = Files.newInputStream(made.certificate())) {
      certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    trusted = SSLContext.getInstance("TLS");
    trusted.init(null, trust(certificate).getTrustManagers(), null);
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(own(made, certificate)));
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  static Answer text(String text) {
    return of(200, "text/plain; charset=utf-8", text);
  }

  static Answer of(int code, String type, String text) {
    return exchange -> {
      byte[] body = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", type);
      exchange.getResponseHeaders().add("Location", "/elsewhere");
      exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    };
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// Trusts this server's certificate alone.
  SSLContext trusted() {
    return trusted;
  }

  private void serve(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    try (exchange) {
      if (exchange.getRequestURI().getPath().equals("/.well-known/mta-sts.txt")) {
        answer.to(exchange);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static SSLContext own(SelfSigned made, Certificate certificate)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var pem = new PEMParser(Files.newBufferedReader(made.key()))) {
      var key = new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) pem.readObject());
      store.setKeyEntry("own", key, new char[0], new Certificate[] {certificate});
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static TrustManagerFactory trust(Certificate certificate)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("it", certificate);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }
}
