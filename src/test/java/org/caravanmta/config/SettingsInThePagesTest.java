package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;

/// What the pages and the comments of the settings name as a setting is one.
class SettingsInThePagesTest {
  /// `delivery.tls.level`, or `section.key: value`.
  private static final Pattern NAMED =
      Pattern.compile("(?<![\\w.:/{-])([a-z]+(?:\\.[a-z0-9-]+)+)(?![\\w/(@])");

  private static final Pattern FILE_OR_HOST =
      Pattern.compile(".*\\.(?:yaml|xml|md|py|com|net|org|example)");

  private static final Pattern QUOTED = Pattern.compile("`[^`]+`");

  /// Queues that examples make.
  private static final Set<String> EXAMPLES =
      Set.of("delivery.archive", "delivery.bulk", "delivery.name");

  @Test
  void whatIsNamedIsThere() throws Exception {
    var settings = SettingsFile.read(Optional.empty(), List.of(), Optional.empty());
    Set<String> keys = SettingsFile.placeholders(settings).keySet();
    Set<String> sections =
        keys.stream().map(key -> key.replaceFirst("\\..*", "")).collect(Collectors.toSet());
    var wrong = new TreeSet<String>();
    int named = 0;
    for (Path page : pages()) {
      for (String name : named(page)) {
        if (!sections.contains(name.replaceFirst("\\..*", ""))) {
          continue;
        }
        named++;
        boolean there =
            keys.stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "."));
        if (!there && !isQueueOrPackage(name)) {
          wrong.add(page + ": " + name);
        }
      }
    }

    assertThat(wrong).as("no such setting").isEmpty();
    assertThat(named).as("settings named").isGreaterThan(100);
  }

  private static boolean isQueueOrPackage(String name) throws IOException {
    return EXAMPLES.contains(name)
        || Files.isDirectory(Path.of("src/main/java/org/caravanmta/" + name.replace('.', '/')))
        || Files.readString(Path.of("routes/delivery.camel.yaml")).contains("artemis:" + name);
  }

  private static List<String> named(Path page) throws IOException {
    return QUOTED
        .matcher(Files.readString(page))
        .results()
        .flatMap(quoted -> NAMED.matcher(quoted.group()).results())
        .map(match -> match.group(1))
        .filter(name -> !FILE_OR_HOST.matcher(name).matches())
        .toList();
  }

  private static List<Path> pages() throws IOException {
    try (var manual = Files.list(Path.of("src/site/markdown"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), manual).sorted().toList();
    }
  }
}
