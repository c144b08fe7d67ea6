package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the manual's page about logins are settings and tables that can be used.
class LoginsPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/logins-at-servers.md");

  @Test
  void theSettingsAreRight(@TempDir Path directory) throws Exception {
    List<String> examples = blocks("yaml");
    assertThat(examples).hasSize(3);
    for (String example : examples) {
      Path file = Files.writeString(directory.resolve("my.yaml"), example);
      var settings = SettingsFile.read(Optional.of(file), List.of(), Optional.empty());
      assertThat(settings.delivery().sasl())
          .isNotEqualTo(
              SettingsFile.read(Optional.empty(), List.of(), Optional.empty()).delivery().sasl());
    }
  }

  @Test
  void theTableIsRight() throws Exception {
    List<PasswordEntry> entries =
        blocks("table")
            .getFirst()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> PasswordEntry.parse(line.split(" +", 2)[1]))
            .toList();
    assertThat(entries)
        .hasSize(5)
        .contains(new PasswordEntry.WithToken("office@example.org", "office"));
    assertThat(entries.getFirst())
        .isInstanceOfSatisfying(
            PasswordEntry.WithPassword.class,
            entry -> assertThat(entry.password().text()).isEqualTo("pass:word"));
  }

  private static List<String> blocks(String kind) throws Exception {
    return Pattern.compile("(?s)```" + kind + "\n(.*?)```")
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }
}
