package org.caravanmta.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// How a table that is asked over the network is reached and asked: a file of `key = value` lines
/// in the form of Postfix's own (postfix `ldap_table(5)`, `pgsql_table(5)`), with comments and
/// continuation lines.
final class TableParameters {
  private static final List<String> SECRETS = List.of("password", "bind_pw");

  private final String table;
  private final Map<String, String> values;
  private final Map<String, String> places;

  private TableParameters(String table, Map<String, String> values, Map<String, String> places) {
    this.table = table;
    this.values = values;
    this.places = places;
  }

  /// @param known the keys that are understood; another is refused, for it would be without effect
  static TableParameters read(String table, Path file, Set<String> known) {
    String source;
    try {
      source = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new TableProblem(table, "", "cannot be read: " + FileTable.words(e));
    }
    var values = new HashMap<String, String>();
    var places = new HashMap<String, String>();
    for (TableLine line : TableLine.of(table, source)) {
      int equals = line.text().indexOf('=');
      String key = equals < 0 ? "" : line.text().substring(0, equals).strip();
      if (key.isEmpty()) {
        throw line.problem(table, "expected key = value, found \"" + line.text() + "\"");
      }
      if (!known.contains(key)) {
        throw line.problem(
            table, key + " is not one of " + String.join(", ", new TreeSet<>(known)));
      }
      places.put(key, line.place());
      values.put(key, line.text().substring(equals + 1).strip());
    }
    TableLinks.read(file);
    if (SECRETS.stream().anyMatch(values::containsKey)) {
      TableLinks.readSecret(file);
    }
    return new TableParameters(table, values, places);
  }

  /// Absent when the file does not say, or says nothing.
  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  String required(String key) {
    return text(key).orElseThrow(() -> problem(key, "is not there, and must be"));
  }

  int number(String key, int otherwise) {
    String value = values.getOrDefault(key, "");
    try {
      return value.isEmpty() ? otherwise : Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw problem(key, "expected a whole number, found \"" + value + "\"");
    }
  }

  boolean flag(String key, boolean otherwise) {
    return switch (values.getOrDefault(key, "")) {
      case "" -> otherwise;
      case "yes" -> true;
      case "no" -> false;
      case String other -> throw problem(key, "expected yes or no, found \"" + other + "\"");
    };
  }

  /// Items separated by commas or white space.
  List<String> list(String key) {
    return Arrays.stream(values.getOrDefault(key, "").split("[,\\s]+"))
        .filter(item -> !item.isEmpty())
        .toList();
  }

  TableProblem problem(String key, String what) {
    return new TableProblem(table, places.getOrDefault(key, ""), key + ": " + what);
  }
}
