package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.caravanmta.story.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a policy for TLS makes of each kind of server: the same table of policies, read by Postfix
/// and by us, and the same servers and names.
///
/// `src/test/resources/tls/policies.txt` is what Postfix 3.7 does; `target/policies` what was seen.
class PoliciesBesidePostfixTest {
  private Path directory;
  private KindsOfServer servers;

  @BeforeEach
  void start(@TempDir Path temporary) throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    Program.installed("postfix", "postfix");
    directory = RunningProgram.directory(temporary);
    servers = KindsOfServer.start(directory);
  }

  @AfterEach
  void stop() throws Exception {
    servers.close();
  }

  @Test
  void postfixDoesWhatTheTableSays() throws Exception {
    Map<String, String> seen =
        PostfixByPolicy.run(
            directory.resolve("postfix"), servers, directory.resolve("ca/authority.pem"));
    var table =
        PolicyTable.of(
            (kind, level) -> {
              String said = seen.getOrDefault("joe@" + level.domain(kind), "nothing");
              // what it says of a connection that it gave up for one in the clear is no longer so
              return servers.taken(kind, level).stream()
                      .anyMatch(taken -> taken.protocol().isEmpty())
                  ? "clear"
                  : said;
            });
    Files.writeString(Path.of("target/policies-postfix.txt"), table.toString());

    assertThat(table.toString()).isEqualTo(expected());
  }

  /// Where we differ from Postfix: text from before the handshake is not thrown away, the
  /// connection is; and what a server has offered before TLS is forgotten, its SIZE too.
  private static String ours(ServerKind kind, PolicyLevel level, String postfix) {
    return switch (kind) {
      case INJECTS ->
          switch (level) {
            case NONE, MAY, DANE -> "clear";
            case ENCRYPT, VERIFY, MATCH, SECURE, FINGERPRINT, DANE_ONLY -> "4.7.5";
          };
      case CHANGES_OFFERS ->
          switch (level) {
            case NONE, MATCH, DANE_ONLY -> postfix;
            case MAY, ENCRYPT, VERIFY, SECURE, FINGERPRINT, DANE -> "tls";
          };
      default -> postfix.matches("(un)?trusted|verified") ? "tls" : postfix;
    };
  }

  @Test
  void weDoTheSameButWhereWeSaySo() throws Exception {
    Path table = PrivatePostfix.write(directory.resolve("policies"), servers.policies());
    try (var caravan =
        Server.start(
            directory.resolve("caravan"),
            "--set",
            "dns.servers=[" + servers.zones.validating() + "]",
            "--set",
            "delivery.port=" + servers.port,
            "--set",
            "delivery.tls.policies=['texthash:" + table + "']",
            "--set",
            "delivery.tls.authorities=['" + directory.resolve("ca/authority.pem") + "']",
            "--set",
            "delivery.tls.certificates=['" + servers.client.chain() + "']",
            "--set",
            "delivery.tls.keys=['" + servers.client.key() + "']",
            "--set",
            "delivery.tls.handshake-timeout=20s")) {
      Program.run(
          0,
          Program.installed("swaks", "swaks"),
          "--server",
          "127.0.0.1:" + caravan.smtp,
          "--from",
          "<>",
          "--to",
          String.join(",", KindsOfServer.recipients()));
      try {
        await()
            .atMost(Duration.ofSeconds(150))
            .until(
                () ->
                    KindsOfServer.recipients().stream()
                        .allMatch(each -> caravan.says("to=<" + each + ">")));
      } finally {
        Files.write(Path.of("target/policies-caravan.log"), caravan.lines());
      }
      var seen =
          PolicyTable.of((kind, level) -> cell(caravan, kind, level, servers.taken(kind, level)));
      Files.writeString(Path.of("target/policies-caravan.txt"), seen.toString());
      List<String> postfix = expected().lines().skip(1).toList();
      for (ServerKind kind : ServerKind.values()) {
        String[] cells = postfix.get(kind.ordinal()).split("\\s+");
        for (PolicyLevel level : PolicyLevel.values()) {
          assertThat(seen.cell(kind, level))
              .as(kind + " " + level)
              .isEqualTo(ours(kind, level, cells[level.ordinal() + 1]));
        }
      }
    }
  }

  private static String cell(
      Server caravan, ServerKind kind, PolicyLevel level, List<TlsSink.Taken> taken) {
    String line =
        caravan.lines().stream()
            .filter(each -> each.contains("to=<joe@" + level.domain(kind) + ">"))
            .findFirst()
            .orElseThrow();
    if (!line.contains("status=sent")) {
      return line.replaceFirst(".*dsn=([0-9.]+),.*", "$1");
    }
    return taken.stream().allMatch(each -> each.protocol().isEmpty()) ? "clear" : "tls";
  }

  private static String expected() throws Exception {
    return Files.readString(Path.of("src/test/resources/tls/policies.txt"));
  }
}
