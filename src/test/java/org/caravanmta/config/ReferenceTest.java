package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;

/// `config/caravan.yaml` and the settings records say the same, and the file says what it means.
class ReferenceTest {
  @Test
  void everyKeyIsAComponentAndEveryComponentAKey() {
    var problems = new ArrayList<String>();
    Entry.Section file =
        new Document("caravan.yaml", true, problems).file(SettingsFile.referenceText());
    assertThat(problems).isEmpty();
    var keys = new LinkedHashSet<String>();
    keysOf(file, "", keys);
    var components = new LinkedHashSet<String>();
    componentsOf(Settings.class, "", components);
    assertThat(keys).containsExactlyElementsOf(components);
  }

  /// A comment stands above the key, or names it in back quotes above its section or its first
  /// sibling.
  @Test
  void everyKeyIsExplained() {
    Map<String, String> explained = new LinkedHashMap<>();
    var unexplained = new ArrayList<String>();
    var comment = new StringBuilder();
    var path = new ArrayDeque<String>();
    for (String line : SettingsFile.referenceText().lines().toList()) {
      String text = line.strip();
      if (text.isEmpty()) {
        comment.setLength(0);
      } else if (text.startsWith("#")) {
        comment.append(text);
      } else {
        int depth = (line.length() - line.stripLeading().length()) / 2;
        while (path.size() > depth) {
          path.removeLast();
        }
        String key = text.substring(0, text.indexOf(':'));
        String above = String.join(".", path);
        explained.merge(above, comment.toString(), String::concat);
        boolean spokenOf =
            !comment.isEmpty()
                || explained.entrySet().stream()
                    .anyMatch(
                        e -> above.startsWith(e.getKey()) && e.getValue().contains("`" + key));
        if (text.contains(": ") && !spokenOf) {
          unexplained.add(above + "." + key);
        }
        path.addLast(key);
        comment.setLength(0);
      }
    }
    assertThat(unexplained).isEmpty();
  }

  @Test
  void theFileOfTheProjectIsTheOneInTheJar() throws Exception {
    assertThat(Path.of("config/caravan.yaml")).content().isEqualTo(SettingsFile.referenceText());
  }

  @Test
  void everyPlaceholderOfTheRoutesIsAKey() throws Exception {
    var settings =
        SettingsFile.read(java.util.Optional.empty(), List.of(), java.util.Optional.empty());
    Set<String> keys = SettingsFile.placeholders(settings).keySet();
    try (var files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        var placeholder =
            java.util.regex.Pattern.compile("\\{\\{([a-z.-]+)}}").matcher(Files.readString(file));
        while (placeholder.find()) {
          assertThat(keys).as(file.toString()).contains(placeholder.group(1));
        }
      }
    }
  }

  private static void keysOf(Entry.Section section, String path, Set<String> into) {
    section
        .entries()
        .forEach(
            (key, entry) -> {
              if (entry instanceof Entry.Section below) {
                keysOf(below, path + key + ".", into);
              } else {
                into.add(path + key);
              }
            });
  }

  private static void componentsOf(Class<?> type, String path, Set<String> into) {
    for (var component : type.getRecordComponents()) {
      String key = path + Binder.key(component);
      if (component.isAnnotationPresent(Flat.class)) {
        componentsOf(component.getType(), path, into);
      } else if (SettingsFile.notation().isSection(component.getType())) {
        componentsOf(component.getType(), key + ".", into);
      } else if (Binder.isKey(component)) {
        into.add(key);
      }
    }
  }
}
