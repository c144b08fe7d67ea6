package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.caravanmta.Ports;
import org.caravanmta.filter.contract.RudeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A filter with several servers, and one that is down: at a real server, whose route names them.
@Execution(ExecutionMode.CONCURRENT)
class SeveralFilterServersTest {
  private static final String CLEAN = "stream: OK\0";
  private static final int ALL_OF_IT = 100;

  @TempDir Path directory;

  private Path routes(String step) throws IOException {
    Path routes = Files.createDirectories(directory.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path each : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(each, routes.resolve(each.getFileName()));
      }
    }
    Files.writeString(
        routes.resolve("filters.camel.yaml"),
        """
        - route:
            id: filters
            from:
              uri: direct:filters
              steps:
                - filter:
                    simple: ${header.stage} == 'message'
                    steps:
                      - bean: { ref: "%s" }
        """
            .formatted(step));
    return routes;
  }

  private Server start(String step) throws IOException {
    return Server.start(directory.resolve("var"), "--routes", routes(step).toString());
  }

  private static String send(Server caravan) throws IOException {
    try (var talk = Talk.to(caravan.smtp)) {
      return talk.send(
          "sender@elsewhere.example", "alice@caravan.test", "Subject: x\r\n\r\nhello\r\n");
    }
  }

  @Test
  void mailIsScannedByTheServerThatIsThere() throws Exception {
    try (var scanner = new RudeServer(CLEAN, ALL_OF_IT, true);
        var caravan =
            start(
                "clamd inet:127.0.0.1:%d,%s,inet:nowhere.invalid:3310"
                    .formatted(Ports.free(), scanner.address()))) {
      for (int i = 0; i < 20; i++) {
        assertThat(send(caravan)).startsWith("250");
      }
      await().until(() -> caravan.maildir("alice").size() == 20);
      assertThat(caravan.says("default_action")).isFalse();
    }
  }

  @Test
  void aServerThatIsDownIsGivenUpOnceAndTriedAgain() throws Exception {
    int port = Ports.free();
    String step = "clamd inet:127.0.0.1:" + port;
    try (var caravan = start(step)) {
      for (int i = 0; i < 8; i++) {
        assertThat(send(caravan)).startsWith("451 4.7.1");
      }
      assertThat(caravan.lines().stream().filter(line -> line.contains("fails again and again")))
          .singleElement()
          .asString()
          .contains(step + ": inet:127.0.0.1:" + port, "Connection refused");
      assertThat(caravan.says("not asked, since it has failed again and again")).isTrue();
      try (var _ = new RudeServer(port, CLEAN, ALL_OF_IT, true)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> send(caravan).startsWith("250"));
        assertThat(send(caravan)).startsWith("250");
      }
      assertThat(caravan.lines().stream().filter(line -> line.contains("answers again")))
          .hasSize(1);
    }
  }

  @Test
  void noLineShowsAToken() throws Exception {
    try (var caravan =
        start("http http://127.0.0.1:%d/register token=sesame".formatted(Ports.free()))) {
      assertThat(send(caravan)).startsWith("451 4.7.1");
      assertThat(caravan.says("token=...")).isTrue();
      assertThat(caravan.says("sesame")).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clamd inet:127.0.0.1:3310,127.0.0.1:3311"
            + "| expected the address of a filter such as inet:127.0.0.1:8891",
        "clamd inet:127.0.0.1:3310,inet:127.0.0.1:3310"
            + "| expected each place once, found inet:127.0.0.1:3310 twice",
        "rspamd http://a:11333,https://b/x"
            + "| expected the address of rspamd such as http://127.0.0.1:11333, found"
            + " \"https://b/x\"",
        "milter inet:127.0.0.1:8891,/run/x"
            + "| expected the address of a filter such as inet:127.0.0.1:8891",
        "clamd ,| expected where the filter is after clamd",
      })
  void aWrongListIsSaidBeforeTheStart(String step, String expected) throws Exception {
    try (var caravan =
        Server.launch(
            Ports.free(),
            Ports.free(),
            directory.resolve("var"),
            "-Xmx256m",
            "--routes",
            routes(step).toString())) {
      assertThat(caravan.exit()).isNotZero();
      assertThat(caravan.says("\"" + step + "\": " + expected))
          .as(String.join("\n", caravan.lines()))
          .isTrue();
    }
  }
}
