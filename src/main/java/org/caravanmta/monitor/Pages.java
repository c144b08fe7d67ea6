package org.caravanmta.monitor;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.caravanmta.web.WebPage;
import org.caravanmta.web.WebPages;
import org.caravanmta.web.WebRequest;

/// What there is to read at the {@link MetricsEndpoint}.
///
/// @param details lines about what works and what does not, which are no reason not to be ready
record Pages(
    PrometheusMeterRegistry registry, BooleanSupplier ready, Supplier<List<String>> details)
    implements WebPages {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  @Override
  public WebPage at(WebRequest request) {
    return switch (request.path()) {
      case "/metrics", "/live", "/ready" ->
          request.method().equals("GET") ? known(request.path()) : WebPage.plain(405, "only GET\n");
      default -> WebPage.plain(404, "not found\n");
    };
  }

  private WebPage known(String path) {
    return switch (path) {
      case "/metrics" -> new WebPage(200, PROMETHEUS, registry.scrape());
      case "/live" -> WebPage.plain(200, "alive\n");
      default ->
          ready.getAsBoolean()
              ? WebPage.plain(200, "ready\n" + more())
              : WebPage.plain(503, "not ready\n" + more());
    };
  }

  private String more() {
    return String.join("", details.get().stream().map(line -> line + "\n").toList());
  }
}
