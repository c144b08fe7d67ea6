package org.caravanmta.mtasts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.caravanmta.peers.Authority;
import org.caravanmta.peers.Identity;

/// A real web server over TLS on a loopback port, with a certificate for one name, which gives
/// every client the same answer.
public final class PolicyServer implements AutoCloseable {
  /// What it answers.
  @FunctionalInterface
  public interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  public final AtomicInteger asked = new AtomicInteger();
  public volatile Answer answer;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SSLContext trusted;

  /// @param identity its certificate
  /// @param authority who has made that
  public PolicyServer(Identity identity, Authority authority, Answer answer)
      throws IOException, GeneralSecurityException {
    this.answer = answer;
    trusted = SSLContext.getInstance("TLS");
    trusted.init(null, trust(authority.certificate()).getTrustManagers(), null);
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.serving(authority.certificate())));
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public static Answer text(String text) {
    return of(200, "text/plain; charset=utf-8", text);
  }

  public static Answer of(int code, String type, String text) {
    return exchange -> {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", type);
      exchange.getResponseHeaders().add("Location", "/elsewhere");
      exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    };
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// Trusts this server's authority alone.
  public SSLContext trusted() {
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
