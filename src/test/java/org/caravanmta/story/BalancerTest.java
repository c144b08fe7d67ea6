package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.caravanmta.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Three nodes behind a real HAProxy with the settings of `docker/cluster`, but for addresses:
/// clients are known by their own (the PROXY protocol, version 2), and a node that is drained gets
/// no new ones, while those it has finish. Debian's package haproxy.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("three nodes")
class BalancerTest {
  private static final String BODY = "From: a@example.org\r\nSubject: x\r\nX-Seq: %s\r\n\r\nx\r\n";

  @TempDir Path directory;

  @Test
  void aNodeThatIsDrainedGetsNoNewClientsAndItsOldOnesFinish() throws Exception {
    int balanced = Ports.free();
    try (var sink = Sink.start();
        var nodes =
            new ThreeNodes(
                directory,
                "delivery.relayhost=[127.0.0.1]:" + sink.port,
                "listeners.smtp.proxies=[127.0.0.1]")) {
      Process haproxy = haproxy(nodes, balanced);
      try {
        await().atMost(ThreeNodes.PATIENCE).until(() -> greeting(balanced).startsWith("250"));
        try (var old = Talk.from("127.0.0.9", balanced)) {
          int node = nodeOf(nodes, "127.0.0.9");
          assertThat(old.say("MAIL FROM:<a@example.org>")).startsWith("250");
          assertThat(nodes.server(node % 3 + 1).ask("node", "drain", "n" + node))
              .contains("is being drained");
          await().atMost(ThreeNodes.PATIENCE).until(() -> !ready(nodes, node));
          for (int i = 0; i < 20; i++) {
            assertThat(send(balanced, "new-" + i)).startsWith("250");
          }
          assertThat(old.say("RCPT TO:<joe@elsewhere.example>")).startsWith("250");
          assertThat(old.say("DATA")).startsWith("354");
          assertThat(old.data(BODY.formatted("old").getBytes(StandardCharsets.UTF_8)))
              .startsWith("250");
        }
        await()
            .atMost(ThreeNodes.PATIENCE)
            .until(() -> sink.arrived.size() == 21 && sink.arrived.containsKey("old"));
      } finally {
        haproxy.destroy();
        haproxy.waitFor();
      }
    }
  }

  private static String greeting(int port) {
    try (var talk = Talk.from("127.0.0.1", port)) {
      return talk.say("NOOP");
    } catch (IOException e) {
      return "";
    }
  }

  private static String send(int port, String sequence) throws IOException {
    try (var talk = Talk.from("127.0.0.1", port)) {
      return talk.send("a@example.org", "joe@elsewhere.example", BODY.formatted(sequence));
    }
  }

  /// The node that has a client of that address.
  private static int nodeOf(ThreeNodes nodes, String client) {
    return await()
        .atMost(ThreeNodes.PATIENCE)
        .until(
            () ->
                IntStream.rangeClosed(1, 3)
                    .filter(node -> nodes.server(node).says("[" + client + "]"))
                    .findFirst()
                    .orElse(0),
            node -> node > 0);
  }

  private static boolean ready(ThreeNodes nodes, int node) {
    try (var client = HttpClient.newHttpClient()) {
      var asked =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + nodes.node(node).metrics() + "/ready"))
              .build();
      return client.send(asked, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Process haproxy(ThreeNodes nodes, int port) throws IOException {
    List<String> shipped = Files.readAllLines(Path.of("docker/cluster/haproxy.cfg"));
    assertThat(shipped).filteredOn(line -> line.contains("  server n")).hasSize(3);
    var settings =
        shipped.stream()
            .map(
                line ->
                    line.replace("bind :2525", "bind 127.0.0.1:" + port)
                        .replace("check port 9625 ", "check "))
            .map(line -> line.contains("  server n") ? server(nodes, line) : line)
            .toList();
    Path file = Files.write(directory.resolve("haproxy.cfg"), settings);
    return new ProcessBuilder("/usr/sbin/haproxy", "-db", "-f", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("haproxy.log").toFile())
        .start();
  }

  private static String server(ThreeNodes nodes, String line) {
    var node = nodes.node(line.strip().charAt("server n".length()) - '0');
    return line.replaceFirst("n\\d:2525", "127.0.0.1:" + node.smtp()) + " port " + node.metrics();
  }
}
