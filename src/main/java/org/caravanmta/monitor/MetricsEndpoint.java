package org.caravanmta.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/// The address at which monitoring asks (HTTP, RFC 9110): `/metrics` in Prometheus' text format,
/// `/live` (200 while the process answers at all) and `/ready` (200 while mail is taken, else 503).
/// Answers from construction until {@link #close}.
public final class MetricsEndpoint implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// @param address `metrics.address`; port 0 is any free one
  public MetricsEndpoint(
      InetSocketAddress address, PrometheusMeterRegistry registry, BooleanSupplier ready)
      throws IOException {
    server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext(
        "/metrics", exchange -> answer(exchange, "/metrics", 200, PROMETHEUS, registry.scrape()));
    server.createContext("/live", exchange -> answer(exchange, "/live", 200, TEXT, "alive\n"));
    server.createContext(
        "/ready",
        exchange -> {
          boolean yes = ready.getAsBoolean();
          answer(exchange, "/ready", yes ? 200 : 503, TEXT, yes ? "ready\n" : "not ready\n");
        });
    server.createContext("/", exchange -> answer(exchange, "", 404, TEXT, "not found\n"));
    server.start();
  }

  /// Adds the process itself to what is measured: memory, threads, processor, open files, uptime.
  public static void addProcess(PrometheusMeterRegistry registry) {
    List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(metrics -> metrics.bindTo(registry));
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  /// @param path the only path of this context: `/metrics/x` is not `/metrics`
  private static void answer(
      HttpExchange exchange, String path, int status, String type, String text) throws IOException {
    try (exchange) {
      boolean here = path.isEmpty() || exchange.getRequestURI().getPath().equals(path);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      boolean asks = head || exchange.getRequestMethod().equals("GET");
      byte[] body =
          (here ? asks ? text : "only GET\n" : "not found\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(here ? asks ? status : 405 : 404, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
