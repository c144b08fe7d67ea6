package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.peers.Program.installed;
import static org.caravanmta.peers.Program.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.story.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client that comes by way of another of ours, as swaks plays it: it is known by its own address
/// and has its own rights.
class IntermediariesTest {
  @TempDir Path directory;

  @Test
  void aLoadBalancerAndAFilterNameTheClient() throws Exception {
    String swaks = installed("swaks", "swaks");
    try (var caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "listeners.smtp.proxies=[127.0.0.1]",
            "--set",
            "smtp.xclient-hosts=[127.0.0.1]")) {
      for (String version : List.of("1", "2")) {
        send(swaks, caravan.smtp, proxied(version, "192.0.2." + version));
        await().until(() -> caravan.says(": client=unknown[192.0.2." + version + "]"));
      }
      send(
          swaks,
          caravan.submission,
          "--xclient-addr",
          "127.0.0.9",
          "--xclient-name",
          "filter.caravan.test");
      await().until(() -> caravan.says(": client=filter.caravan.test[127.0.0.9]"));
      await().until(() -> caravan.maildir("alice").size() == 3);
    }
  }

  @Test
  void whoComesByALoadBalancerOnOurNetworkIsNotOneOfUs() throws Exception {
    String swaks = installed("swaks", "swaks");
    try (var caravan =
        Server.start(directory.resolve("var"), "--set", "listeners.smtp.proxies=[127.0.0.1]")) {
      var command = command(swaks, caravan.smtp, "joe@elsewhere.example");
      command.addAll(List.of(proxied("2", "192.0.2.7")));
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      List<String> said = process.inputReader().readAllLines();
      process.waitFor();

      assertThat(said)
          .anyMatch(
              line -> line.contains("554 5.7.1 <joe@elsewhere.example>: Relay access denied"));
    }
  }

  private static void send(String swaks, int port, String... more) throws Exception {
    var command = command(swaks, port, "alice@caravan.test");
    command.addAll(List.of(more));
    run(command.toArray(String[]::new));
  }

  private static List<String> command(String swaks, int port, String to) {
    return new ArrayList<>(
        List.of(
            swaks,
            "--server",
            "127.0.0.1",
            "--port",
            String.valueOf(port),
            "--from",
            "bob@caravan.test",
            "--to",
            to));
  }

  private static String[] proxied(String version, String source) {
    return new String[] {
      "--proxy-version",
      version,
      "--proxy-family",
      version.equals("1") ? "TCP4" : "AF_INET",
      "--proxy-source",
      source,
      "--proxy-source-port",
      "40000",
      "--proxy-dest",
      "127.0.0.1",
      "--proxy-dest-port",
      "25"
    };
  }
}
