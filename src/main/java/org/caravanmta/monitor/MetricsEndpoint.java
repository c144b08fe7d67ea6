package org.caravanmta.monitor;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.caravanmta.web.WebServer;

/// The address at which monitoring asks (HTTP, RFC 9110): `/metrics` in Prometheus' text format,
/// `/live` (200 while the process answers at all) and `/ready` (200 while mail is taken, else 503;
/// then what else there is to know, a line each). Answers from construction until {@link #close};
/// one request on a connection.
public final class MetricsEndpoint implements AutoCloseable {
  private final WebServer server;

  /// @param address `metrics.address`; port 0 is any free one
  /// @param details lines that follow on the page `/ready`
  public MetricsEndpoint(
      InetSocketAddress address,
      PrometheusMeterRegistry registry,
      BooleanSupplier ready,
      Supplier<List<String>> details)
      throws IOException {
    this(address, registry, ready, details, WebServer.PATIENCE);
  }

  MetricsEndpoint(
      InetSocketAddress address,
      PrometheusMeterRegistry registry,
      BooleanSupplier ready,
      Supplier<List<String>> details,
      Duration patience)
      throws IOException {
    server =
        new WebServer(
            "metrics", "metrics.address", address, new Pages(registry, ready, details), patience);
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
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
