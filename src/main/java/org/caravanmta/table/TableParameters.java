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

/// The parameters of a `jdbc` or `ldap` table: a file of `key = value` lines that says which server
/// is asked, and how (postfix `ldap_table(5)`, `pgsql_table(5)`). It may have comments and
/// continuation lines.
final class TableParameters {
  /// The parameters that are passwords.
  private static final List<String> SECRETS = List.of("password", "bind_pw");

  private final String table;
  private final Map<String, String> values;
  private final Map<String, String> places;

  private TableParameters(String table, Map<String, String> values, Map<String, String> places) {
    this.table = table;
    this.values = values;
    this.places = places;
  }

  /// Reads the file of a table.
  ///
  /// @param known the keys of this type of table; others would have no effect, and are refused
  /// @throws TableProblem says which line is wrong, or why the file cannot be read
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

  /// The value of a key; absent when the file does not have the key, or has an empty value.
  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /// @throws TableProblem when the file has no value for the key
  String required(String key) {
    return text(key).orElseThrow(() -> problem(key, "is not there, and must be"));
  }

  /// @param otherwise the number when the file does not have one
  /// @throws TableProblem when the value is not a whole number
  int number(String key, int otherwise) {
    String value = values.getOrDefault(key, "");
    try {
      return value.isEmpty() ? otherwise : Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw problem(key, "expected a whole number, found \"" + value + "\"");
    }
  }

  /// @param otherwise the answer when the file does not have one
  /// @throws TableProblem when the value is neither `yes` nor `no`
  boolean flag(String key, boolean otherwise) {
    return switch (values.getOrDefault(key, "")) {
      case "" -> otherwise;
      case "yes" -> true;
      case "no" -> false;
      case String other -> throw problem(key, "expected yes or no, found \"" + other + "\"");
    };
  }

  /// The items of a value, which commas or white space separate; none when there is no value.
  List<String> list(String key) {
    return Arrays.stream(values.getOrDefault(key, "").split("[,\\s]+"))
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /// What is wrong with the value of a key, with its line.
  TableProblem problem(String key, String what) {
    return new TableProblem(table, places.getOrDefault(key, ""), key + ": " + what);
  }
}
