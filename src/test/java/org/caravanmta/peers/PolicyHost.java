package org.caravanmta.peers;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// An HTTPS server of MTA-STS policies (RFC 8461 §3.3): one text for each policy host.
public final class PolicyHost implements AutoCloseable {
  private final HttpsServer server;
  private final Map<String, String> policies = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();

  private PolicyHost(HttpsServer server) {
    this.server = server;
  }

  public static PolicyHost start(String address, int port, Identity identity, Authority authority)
      throws IOException {
    var server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.serving(authority.certificate())));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var host = new PolicyHost(server);
    server.createContext(
        "/.well-known/mta-sts.txt",
        exchange -> {
          host.asked.incrementAndGet();
          String name = exchange.getRequestHeaders().getFirst("Host").replaceFirst(":.*", "");
          String policy = host.policies.get(name);
          byte[] text = (policy == null ? "no policy" : policy).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          try (exchange) {
            exchange.sendResponseHeaders(policy == null ? 404 : 200, text.length);
            exchange.getResponseBody().write(text);
          }
        });
    server.start();
    return host;
  }

  /// What is answered at `https://mta-sts.DOMAIN/.well-known/mta-sts.txt` from now on.
  ///
  /// @param mode `enforce`, `testing` or `none`
  public PolicyHost publish(String domain, String mode, int maxAge, String... exchangers) {
    var text = new StringBuilder("version: STSv1\r\nmode: " + mode + "\r\n");
    for (String exchanger : exchangers) {
      text.append("mx: ").append(exchanger).append("\r\n");
    }
    policies.put("mta-sts." + domain, text.append("max_age: " + maxAge + "\r\n").toString());
    return this;
  }

  public int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
