package org.caravanmta.monitor;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What there is to read at the {@link MetricsEndpoint}.
///
/// @param details lines about what works and what does not, which are no reason not to be ready
record Pages(
    PrometheusMeterRegistry registry, BooleanSupplier ready, Supplier<List<String>> details) {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  record Page(int status, String type, String text) {}

  /// @param path without its query
  Page at(String method, String path) {
    return switch (path) {
      case "/metrics", "/live", "/ready" ->
          method.equals("GET") || method.equals("HEAD")
              ? known(path)
              : new Page(405, TEXT, "only GET\n");
      default -> new Page(404, TEXT, "not found\n");
    };
  }

  private Page known(String path) {
    return switch (path) {
      case "/metrics" -> new Page(200, PROMETHEUS, registry.scrape());
      case "/live" -> new Page(200, TEXT, "alive\n");
      default ->
          ready.getAsBoolean()
              ? new Page(200, TEXT, "ready\n" + more())
              : new Page(503, TEXT, "not ready\n" + more());
    };
  }

  private String more() {
    return String.join("", details.get().stream().map(line -> line + "\n").toList());
  }
}
