package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.caravanmta.message.NextHopReader;
import org.caravanmta.settings.OwnTransports;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.tls.client.SecurityLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the manual's page about next hops, pools and transports are right.
class ChoosingPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/choosing-servers.md");

  @Test
  void theSettingsAreRight(@TempDir Path directory) throws Exception {
    List<String> examples = found("(?s)```yaml\n(.*?)```");
    assertThat(examples).hasSize(2);
    Settings pools = read(directory, examples.getFirst());
    assertThat(pools.delivery().sources().pools()).hasSize(2);
    assertThat(pools.delivery().sources().usual()).isEqualTo("usual");
    OwnTransports transports = OwnTransports.of(read(directory, examples.getLast()));
    assertThat(transports.recipientLimits()).containsEntry("archive", 1).containsEntry("bulk", 50);
    TransportSections bulk =
        transports.forRemote().entrySet().stream()
            .filter(each -> each.getKey().name().equals("bulk"))
            .findFirst()
            .orElseThrow()
            .getValue();
    assertThat(bulk.remote().concurrency()).isEqualTo(2);
    assertThat(bulk.tls().level()).isEqualTo(SecurityLevel.ENCRYPT);
    assertThat(bulk.sources().usual()).isEqualTo("bulk");
  }

  @Test
  void theNextHopsAreRight() throws Exception {
    List<String> rows = found("(?m)^\\| `(\\[a\\.example[^`]*)` ");
    assertThat(rows)
        .hasSize(4)
        .allSatisfy(row -> assertThat(NextHopReader.sets(row.replace("\\|", "|"))).isNotEmpty());
  }

  private static Settings read(Path directory, String example) throws Exception {
    Path file = Files.writeString(directory.resolve("my.yaml"), example);
    return SettingsFile.read(Optional.of(file), List.of(), Optional.empty());
  }

  private static List<String> found(String pattern) throws Exception {
    return Pattern.compile(pattern)
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }
}
