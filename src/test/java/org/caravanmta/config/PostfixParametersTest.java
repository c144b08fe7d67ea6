package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caravanmta.settings.SettingsFile;
import org.junit.jupiter.api.Test;

/// The manual says of each parameter of Postfix which settings have its place, or why none has, and
/// the settings say the same.
class PostfixParametersTest {
  private static final Path PAGE = Path.of("src/site/markdown/postfix-parameters.md");
  private static final Path NAMES = Path.of("src/test/resources/postfix-parameters.txt");
  private static final Pattern ROW = Pattern.compile("\\| (.+?) \\| (.+) \\|");
  private static final Pattern QUOTED = Pattern.compile("`(hostname|[a-z-]+(?:\\.[a-z0-9-]+)+)`");
  private static final Pattern NAMED = Pattern.compile("Postfix:? ([^)]*)\\)");
  private static final Pattern PARAMETER = Pattern.compile("[a-z0-9]+(?:_[a-zA-Z0-9]+)+");

  /// What comments name that is not a parameter.
  private static final Set<String> OTHERS =
      Set.of("check_address_map", "reject_sender_login_mismatch", "maildrop_directory");

  @Test
  void everyParameterHasARowAndNoOther() throws IOException {
    List<String> names =
        Files.readAllLines(NAMES).stream().filter(line -> !line.startsWith("#")).toList();
    assertThat(List.copyOf(rows().keySet())).isEqualTo(names);
    assertThat(names).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aRowNamesSettingsThatThereAreOrAReason() throws Exception {
    Set<String> keys = keys();
    var wrong = new ArrayList<String>();
    rows()
        .forEach(
            (parameter, text) -> {
              List<String> named = settings(text);
              if (!keys.containsAll(named) || named.isEmpty() && text.split(" ").length < 4) {
                wrong.add(parameter + ": " + text);
              }
            });
    assertThat(wrong).isEmpty();
  }

  @Test
  void aParameterThatASettingNamesHasThatSettingInItsRow() throws IOException {
    Map<String, String> rows = rows();
    var wrong = new TreeSet<String>();
    named()
        .forEach(
            (parameter, key) -> {
              String text = rows.getOrDefault(parameter, "");
              boolean spokenOf =
                  settings(text).stream()
                      .anyMatch(
                          named ->
                              key.stream()
                                  .anyMatch(k -> named.equals(k) || named.startsWith(k + ".")));
              if (!OTHERS.contains(parameter) && !spokenOf) {
                wrong.add(parameter + " of " + key + ": " + text);
              }
            });
    assertThat(wrong).isEmpty();
  }

  private static Map<String, String> rows() throws IOException {
    var rows = new LinkedHashMap<String, String>();
    for (String line : Files.readAllLines(PAGE)) {
      var row = ROW.matcher(line);
      if (row.matches() && !row.group(1).equals("parameter")) {
        assertThat(rows.put(row.group(1), row.group(2))).as(line).isNull();
      }
    }
    return rows;
  }

  private static List<String> settings(String text) {
    return QUOTED.matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static Set<String> keys() throws SettingsProblem {
    var settings = SettingsFile.read(Optional.empty(), List.of(), Optional.empty());
    return SettingsFile.placeholders(settings).keySet();
  }

  /// The parameters that comments of the reference name, each with the keys they stand above.
  private static Map<String, Set<String>> named() {
    var named = new LinkedHashMap<String, Set<String>>();
    var comment = new StringBuilder();
    var path = new ArrayList<String>();
    for (String line : SettingsFile.referenceText().lines().toList()) {
      String text = line.strip();
      if (text.isEmpty()) {
        comment.setLength(0);
      } else if (text.startsWith("#")) {
        comment.append(text.substring(1)).append(' ');
      } else {
        int depth = (line.length() - line.stripLeading().length()) / 2;
        path.subList(Math.min(depth, path.size()), path.size()).clear();
        path.add(text.substring(0, text.indexOf(':')));
        for (String parameter : parameters(comment)) {
          named.computeIfAbsent(parameter, _ -> new TreeSet<>()).add(String.join(".", path));
        }
        comment.setLength(0);
      }
    }
    return named;
  }

  private static Set<String> parameters(CharSequence comment) {
    return NAMED
        .matcher(comment)
        .results()
        .flatMap(text -> PARAMETER.matcher(text.group(1)).results())
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }
}
