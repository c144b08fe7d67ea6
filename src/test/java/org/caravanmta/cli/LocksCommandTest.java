package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.caravanmta.Ports;
import org.caravanmta.cluster.HostPort;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LockTerms;
import org.caravanmta.config.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// `caravan locks`, as an operator starts and ends it.
@Execution(ExecutionMode.CONCURRENT)
class LocksCommandTest {
  @TempDir Path directory;

  @Test
  void answersUntilItIsTerminated() throws Exception {
    var address = new HostPort("127.0.0.1", Ports.free());
    Path settings =
        Files.writeString(
            directory.resolve("caravan.yaml"),
            """
            data: { directory: %s }
            cluster: { locks: ["%s"], lock-peer: 127.0.0.1 }
            """
                .formatted(directory.resolve("data"), address));
    Process locks =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "org.caravanmta.cli.Main",
                "locks",
                "--config",
                settings.toString())
            .redirectErrorStream(true)
            .start();
    try (var lines =
        new BufferedReader(new InputStreamReader(locks.getInputStream(), StandardCharsets.UTF_8))) {
      // what should be mended is said, and keeps nothing from starting
      assertThat(lines.readLine()).contains("WARN cluster.locks has one peer");
      assertThat(lines.readLine()).isEqualTo("ready locks=" + address);
      var terms =
          new LockTerms(
              List.of(address),
              "caravan",
              new Secret("a secret of the nodes"),
              Duration.ofSeconds(4));
      try (var service = LockService.connect(terms, Duration.ofSeconds(10))) {
        service.values().set("drained.n1", "alice");
        assertThat(service.values().get("drained.n1")).contains("alice");
      }
      // leaves what it has said to be read
      locks.toHandle().destroy();
      assertThat(locks.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(locks.exitValue()).isZero();
      assertThat(lines.readAllLines()).last().asString().endsWith("ended");
    } finally {
      locks.destroyForcibly();
    }
    assertThat(directory.resolve("data/locks/version-2")).isDirectory();
  }

  @Test
  void whereNoPeerIsOfThisMachineTheSettingsAreWrong() {
    var err = new StringWriter();
    int status =
        new Main(Running::new)
            .commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err))
            .execute("locks", "--set", "cluster.locks=['127.0.0.1:2181']");
    assertThat(status).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "caravan: cluster.lock-peer says which of cluster.locks runs here"
                + System.lineSeparator());
  }
}
