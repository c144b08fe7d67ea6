package org.caravanmta.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// Who issues access tokens for one user: a token endpoint over TLS (RFC 6749 §4.4), and over HTTP
/// what mail servers ask about tokens (RFC 7662).
public final class TokenServer implements AutoCloseable {
  /// The only secret that it takes.
  public static final String SECRET = "Marker-of-the-client";

  private final HttpsServer endpoint;
  private final HttpServer introspection;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger issued = new AtomicInteger();
  private final Set<String> good = ConcurrentHashMap.newKeySet();
  private final String user;

  /// @param identity what the endpoint shows: for `localhost`, if it is to be believed
  public TokenServer(Identity identity, Authority authority, String user) throws IOException {
    this.user = user;
    endpoint = HttpsServer.create(here(), 0);
    endpoint.setHttpsConfigurator(new HttpsConfigurator(identity.serving(authority.certificate())));
    endpoint.setExecutor(threads);
    endpoint.createContext("/token", this::issue);
    endpoint.start();
    introspection = HttpServer.create(here(), 0);
    introspection.setExecutor(threads);
    introspection.createContext("/introspect", this::tell);
    introspection.start();
  }

  private static InetSocketAddress here() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
  }

  public URI endpoint() {
    return URI.create("https://localhost:" + endpoint.getAddress().getPort() + "/token");
  }

  public URI introspection() {
    return URI.create("http://127.0.0.1:" + introspection.getAddress().getPort() + "/introspect");
  }

  /// How many tokens it has issued.
  public int issued() {
    return issued.get();
  }

  /// From now on none of the tokens issued so far is good.
  public void revoke() {
    good.clear();
  }

  private void issue(HttpExchange exchange) throws IOException {
    Map<String, String> form = form(exchange);
    if (!"client_credentials".equals(form.get("grant_type"))
        || !SECRET.equals(form.get("client_secret"))) {
      answer(exchange, 401, "{\"error\":\"invalid_client\"}");
      return;
    }
    String token = "Marker-token-" + issued.incrementAndGet();
    good.add(token);
    answer(
        exchange,
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":3600}".formatted(token));
  }

  private void tell(HttpExchange exchange) throws IOException {
    boolean active = good.contains(form(exchange).getOrDefault("token", ""));
    answer(
        exchange,
        200,
        active ? "{\"active\":true,\"username\":\"" + user + "\"}" : "{\"active\":false}");
  }

  private static Map<String, String> form(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    return Arrays.stream(body.split("&"))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(
            Collectors.toMap(
                pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private static void answer(HttpExchange exchange, int code, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    try (exchange) {
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    endpoint.stop(0);
    introspection.stop(0);
    threads.shutdownNow();
  }
}
