package org.caravanmta.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicBoolean ready = new AtomicBoolean();
  private MetricsEndpoint endpoint;

  @BeforeEach
  void open() throws Exception {
    endpoint =
        new MetricsEndpoint(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
            registry,
            ready::get,
            () -> List.of("something else"));
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  @Test
  void whatIsCountedIsShown() throws Exception {
    registry.counter("caravan_queue_in", "queue", "routing").increment();
    MetricsEndpoint.addProcess(registry);
    assertThat(get("/metrics").body())
        .contains("caravan_queue_in_total{queue=\"routing\"} 1.0", "jvm_memory_used_bytes");
  }

  @Test
  void readyFollowsTheServer() throws Exception {
    assertThat(get("/live").statusCode()).isEqualTo(200);
    assertThat(get("/ready").statusCode()).isEqualTo(503);
    ready.set(true);
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(get("/ready").body()).isEqualTo("ready\nsomething else\n");
  }

  @Test
  void nothingElseIsThere() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
    assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(ask("HEAD", "/live").body()).isEmpty();
  }

  @Test
  void whoDoesNotFinishARequestHoldsNobodyUp() throws Exception {
    var held = new ArrayList<Socket>();
    for (int i = 0; i < 120; i++) {
      var half = new Socket("127.0.0.1", endpoint.address().getPort());
      half.getOutputStream().write("GET /live HTTP/1.1\r\nHost: x\r\nX-".getBytes(UTF_8));
      held.add(half);
      if (i % 40 == 0) {
        assertThat(get("/live").statusCode()).isEqualTo(200);
      }
    }
    assertThat(get("/live").statusCode()).isEqualTo(200);
    held.getFirst().setSoTimeout(60_000);
    assertThat(held.getFirst().getInputStream().readAllBytes()).isEmpty();
    for (Socket half : held) {
      half.close();
    }
  }

  @Test
  void aRequestHasSoLongAndIsSoLong() throws Exception {
    var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (var hasty =
            new MetricsEndpoint(address, registry, ready::get, List::of, Duration.ofMillis(200));
        var slow = new Socket("127.0.0.1", hasty.address().getPort());
        var large = new Socket("127.0.0.1", endpoint.address().getPort())) {
      slow.getOutputStream().write("GET / HT".getBytes(UTF_8));
      slow.setSoTimeout(60_000);
      assertThat(slow.getInputStream().readAllBytes()).isEmpty();
      large
          .getOutputStream()
          .write(("GET /live HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n").getBytes(UTF_8));
      large.setSoTimeout(60_000);
      assertThat(new String(large.getInputStream().readAllBytes(), UTF_8)).doesNotContain("200 OK");
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return ask("GET", path);
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
      return client.send(
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
