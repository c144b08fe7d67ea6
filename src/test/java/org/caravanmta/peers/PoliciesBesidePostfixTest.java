package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// What a policy for TLS makes of each kind of server: the same table of policies, read by Postfix
/// and by us, and the same servers and names.
///
/// `src/test/resources/tls/policies.txt` is what Postfix 3.7 does; `target/policies` what was seen.
@TestInstance(Lifecycle.PER_CLASS)
class PoliciesBesidePostfixTest {
  private Path directory;
  private KindsOfServer servers;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "SKIPPED: Postfix starts as root only");
    Program.installed("postfix", "postfix");
    directory = RunningProgram.directory(temporary);
    servers = KindsOfServer.start(directory);
  }

  @AfterAll
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

  private static String expected() throws Exception {
    return Files.readString(Path.of("src/test/resources/tls/policies.txt"));
  }
}
