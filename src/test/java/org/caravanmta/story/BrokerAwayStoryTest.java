package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.caravanmta.Ports;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.remote.Passage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A Caravan whose external broker cannot be reached for a while: clients are told at once to try
/// again, whoever shares out the load is told to go elsewhere, and all is well soon after it is
/// back.
@Execution(ExecutionMode.CONCURRENT)
class BrokerAwayStoryTest {
  @TempDir Path directory;
  private final int port = port();

  private static int port() {
    try {
      return Ports.free();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void clientsDoNotWaitForIt() throws Exception {
    int metrics = Ports.free();
    try (var _ = BrokerProcess.start(directory.resolve("broker"), port);
        var passage = new Passage(port);
        var sink = Sink.start();
        var caravan =
            Server.start(
                directory.resolve("var"),
                "--set",
                "broker.url=" + passage.url(),
                "--set",
                "broker.prefix=mx1.",
                "--set",
                "metrics.address=127.0.0.1:" + metrics,
                "--set",
                "delivery.relayhost=[127.0.0.1]:" + sink.port)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> send(caravan).startsWith("250"));
      await().until(() -> ready(metrics).statusCode() == 200);

      passage.shut();
      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> ready(metrics).statusCode() == 503);
      assertThat(ready(metrics).body()).contains("the broker cannot be reached: ");
      // whoever is caught in the break waits for five seconds: not all connections see it at once
      await().atMost(Duration.ofSeconds(20)).until(() -> isToldAtOnce(caravan));
      assertThat(isToldAtOnce(caravan)).isTrue();

      passage.reopen();
      long begun = System.nanoTime();
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> send(caravan).startsWith("250"));
      // a slow machine has its share
      assertThat(since(begun)).isLessThan(Duration.ofSeconds(5));
      await().until(() -> ready(metrics).statusCode() == 200);
      await().untilAsserted(() -> assertThat(sink.arrived).hasSizeGreaterThanOrEqualTo(2));
    }
  }

  private static boolean isToldAtOnce(Server caravan) throws IOException {
    long begun = System.nanoTime();
    assertThat(send(caravan)).startsWith("451");
    return since(begun).compareTo(Duration.ofSeconds(2)) < 0;
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static String send(Server caravan) throws IOException {
    try (var client = Talk.to(caravan.smtp)) {
      return client.send(
          "joe@caravan.test",
          "far@elsewhere.example",
          "X-Seq: " + System.nanoTime() + "\r\n\r\nx\r\n");
    }
  }

  private static HttpResponse<String> ready(int port) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready")).build(),
          BodyHandlers.ofString());
    }
  }
}
