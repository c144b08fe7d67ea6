package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Ports;
import org.caravanmta.state.Detour;
import org.caravanmta.state.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A server whose state database is away when it starts, comes, and hangs: mail goes on.
@Execution(ExecutionMode.CONCURRENT)
class DatabaseAwayTest {
  private static final String MESSAGE = "Subject: x\r\n\r\nhi\r\n";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final AtomicInteger senders = new AtomicInteger();
  private int metrics;

  @Test
  void mailGoesOnAndTheDatabaseIsUsedWhileItIsThere() throws Exception {
    metrics = Ports.free();
    int port = Ports.free();
    String url = Postgres.fresh().replace(":" + Postgres.port() + "/", ":" + port + "/");
    try (var caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "networks.own=[192.0.2.0/24]",
            "--set",
            "greylist.enabled=true",
            "--set",
            "state.url=" + url,
            "--set",
            "state.user=postgres",
            "--set",
            "metrics.address=127.0.0.1:" + metrics)) {
      await()
          .until(
              () ->
                  caravan.says("WARN state database: cannot be asked (state.url): Connection to "));
      assertThat(firstAttempt(caravan)).startsWith("250");
      assertThat(ready()).startsWith("ready\n").contains("state database: cannot be asked");
      await().until(() -> caravan.maildir("alice").size() == 1);

      try (var way = new Detour(port, Postgres.port())) {
        await().atMost(PATIENCE).until(() -> firstAttempt(caravan).startsWith("450 4.2.0 "));
        await().atMost(PATIENCE).until(() -> caravan.says("state database: well again"));
        assertThat(ready()).doesNotContain("state database");

        way.stop();
        assertThat(firstAttempt(caravan)).startsWith("250");
        await().atMost(PATIENCE).until(() -> ready().contains("state database: cannot be asked"));
        assertThat(firstAttempt(caravan)).startsWith("250");

        way.go();
        await().atMost(PATIENCE).until(() -> firstAttempt(caravan).startsWith("450 4.2.0 "));
      }
      assertThat(caravan.lines()).noneMatch(line -> line.contains("com.zaxxer"));
    }
  }

  /// What a sender that was never seen is told.
  private String firstAttempt(Server caravan) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      String sender = "joe." + word(senders.incrementAndGet()) + "@elsewhere.example";
      return talk.send(sender, "alice@caravan.test", MESSAGE);
    }
  }

  /// Numbers in an address are all the same to the greylist.
  private static String word(int number) {
    return Character.toString('a' + number / 26) + Character.toString('a' + number % 26);
  }

  private String ready() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics + "/ready")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
