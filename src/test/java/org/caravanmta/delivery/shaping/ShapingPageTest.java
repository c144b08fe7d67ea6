package org.caravanmta.delivery.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the manual's page about limits, and of the file that comes with Caravan.
class ShapingPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/shaping.md");
  private static final Path SHIPPED = Path.of("config/tables/shaping");
  private static final Pattern RULE = Pattern.compile("#(\\S.*=.*)");

  @TempDir Path directory;

  @Test
  void theSettingsAndTheRulesAreRight() throws Exception {
    Path rules = Files.writeString(directory.resolve("shaping"), found("(?s)```\n(# .*?)```"));
    Settings settings =
        read(found("(?s)```yaml\n(.*?)```").replace("/etc/caravan/shaping", rules.toString()));
    ShapingSettings own = settings.delivery().scheduling().shaping();
    Shaping shaping = Shaping.open(own, new ServerGroups());
    assertThat(shaping.destination("example.net").flatMap(rule -> rule.given().concurrency()))
        .contains(4);
    assertThat(shaping.destination("[192.0.2.1]:25")).isPresent();
    assertThat(shaping.messagesPerConnection("example.org", "mx.provider.example")).isEqualTo(50);
    assertThat(shaping.messagesPerConnection("example.org", "mx.example.org")).isEqualTo(100);
  }

  @Test
  void whatTheShippedFileShowsIsRight() throws IOException {
    String rules =
        Files.readAllLines(SHIPPED).stream()
            .map(RULE::matcher)
            .filter(found -> found.matches())
            .map(found -> found.group(1))
            .collect(Collectors.joining("\n"));
    Path file = Files.writeString(directory.resolve("shaping"), rules);
    ShapingTable table = ShapingTable.open(new ShapingSettings(List.of(file), 100));
    assertThat(table.destination("example.net")).isPresent();
    assertThat(table.server("mx.provider.example")).isPresent();
    assertThat(rules.lines())
        .hasSize((int) Files.readString(SHIPPED).lines().filter(l -> l.matches("#\\S.*")).count());
  }

  @Test
  void aMistakeIsNamedWithTheSettingAndTheLineOfTheFile() throws Exception {
    Path rules = Files.writeString(directory.resolve("shaping"), "example.net concurrency=0\n");
    Settings settings = read("delivery:\n  scheduling:\n    shaping:\n      - " + rules + "\n");
    WrongSetting wrong =
        catchThrowableOfType(
            WrongSetting.class,
            () -> Shaping.open(settings.delivery().scheduling().shaping(), new ServerGroups()));
    assertThat(settings.places().of(wrong))
        .isEqualTo(
            directory.resolve("my.yaml")
                + ":4: delivery.scheduling.shaping: "
                + rules
                + ":1: example.net: concurrency=0: expected a whole number from 1");
  }

  private Settings read(String example) throws Exception {
    Path file = Files.writeString(directory.resolve("my.yaml"), example);
    return SettingsFile.read(Optional.of(file), List.of(), Optional.empty());
  }

  private static String found(String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(PAGE))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.joining());
  }
}
