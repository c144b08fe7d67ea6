package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  private static final Pattern ESTABLISHED =
      Pattern.compile("(\\w+) TLS connection established to ([^\\[]+)\\[");

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
            case MAY, ENCRYPT, DANE -> "trusted";
            case VERIFY, SECURE, FINGERPRINT -> "verified";
          };
      default -> postfix;
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
            "delivery.tls.handshake-timeout=5s")) {
      var lines = new EnumMap<PolicyLevel, List<String>>(PolicyLevel.class);
      try {
        for (PolicyLevel level : PolicyLevel.values()) {
          lines.put(level, round(caravan, level));
        }
      } finally {
        Files.write(Path.of("target/policies-caravan.log"), caravan.lines());
      }
      var seen =
          PolicyTable.of(
              (kind, level) -> cell(lines.get(level), kind, level, servers.taken(kind, level)));
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

  /// Sends mail to each kind of server by one level, so that a line that names a server is about
  /// that level.
  ///
  /// @return what the log says of it
  private static List<String> round(Server caravan, PolicyLevel level) throws Exception {
    int before = caravan.lines().size();
    List<String> recipients =
        Stream.of(ServerKind.values()).map(kind -> "joe@" + level.domain(kind)).toList();
    Program.run(
        0,
        Program.installed("swaks", "swaks"),
        "--server",
        "127.0.0.1:" + caravan.smtp,
        "--from",
        "<>",
        "--to",
        String.join(",", recipients));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> recipients.stream().allMatch(each -> caravan.says("to=<" + each + ">")));
    List<String> lines = caravan.lines();
    return lines.subList(before, lines.size());
  }

  /// In words of {@link PolicyTable}, for which our lines are those of Postfix.
  private static String cell(
      List<String> lines, ServerKind kind, PolicyLevel level, List<TlsSink.Taken> taken) {
    String line =
        lines.stream()
            .filter(each -> each.contains("to=<joe@" + level.domain(kind) + ">"))
            .findFirst()
            .orElseThrow();
    if (!line.contains("status=sent")) {
      return line.replaceFirst(".*dsn=([0-9.]+),.*", "$1");
    }
    if (taken.stream().anyMatch(each -> each.protocol().isEmpty())) {
      return "clear";
    }
    return lines.stream()
        .map(ESTABLISHED::matcher)
        .filter(said -> said.find() && said.group(2).equals(kind.host()))
        .map(said -> said.group(1).toLowerCase(Locale.ROOT))
        .findFirst()
        .orElseThrow();
  }

  private static String expected() throws Exception {
    return Files.readString(Path.of("src/test/resources/tls/policies.txt"));
  }
}
