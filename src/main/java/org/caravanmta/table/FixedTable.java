package org.caravanmta.table;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table whose keys are compared as they are, but for case: `texthash`, `hash`, `inline`.
///
/// @param unit of places: `line` or `entry`
/// @param entries by key in lower case
record FixedTable(String name, String unit, Map<String, Entry> entries) implements Table {
  private static final Logger LOG = LoggerFactory.getLogger(FixedTable.class);

  /// There may be a million.
  ///
  /// @param number of the line it stands in
  record Entry(String value, int number) {}

  /// Reads lines of `key value`. Of two entries with the same key the first counts.
  static FixedTable read(String name, Iterable<Line> lines, Values values) {
    return read(name, lines, values, Line::split);
  }

  /// Reads lines of `name: value` (postfix `aliases(5)`).
  static FixedTable aliases(String name, Iterable<Line> lines, Values values) {
    return read(name, lines, values, Line::alias);
  }

  private static FixedTable read(
      String name, Iterable<Line> lines, Values values, Function<Line, Line.Pair> split) {
    var entries = new HashMap<String, Entry>();
    for (Line line : lines) {
      Line.Pair pair = split.apply(line);
      if (pair.value().isEmpty()) {
        throw line.problem(name, "expected \"key value\", found \"" + line.text() + "\"");
      }
      line.check(name, values, pair.key(), pair.value());
      var entry = new Entry(pair.value(), line.number());
      if (entries.putIfAbsent(pair.key().toLowerCase(Locale.ROOT), entry) != null) {
        LOG.warn("{}, {}: a second entry for {} is not used", name, line.place(), pair.key());
      }
    }
    return new FixedTable(name, "line", entries);
  }

  /// Reads `{key=value, { key = value with spaces }}`.
  static FixedTable inline(String name, String braced, Values values) {
    var entries = new HashMap<String, Entry>();
    for (Line line : Line.entries(name, braced)) {
      int equals = line.text().indexOf('=');
      String key = equals < 0 ? "" : line.text().substring(0, equals).strip();
      if (key.isEmpty()) {
        throw line.problem(name, "expected key=value, found \"" + line.text() + "\"");
      }
      String value = line.text().substring(equals + 1).strip();
      line.check(name, values, key, value);
      entries.putIfAbsent(key.toLowerCase(Locale.ROOT), new Entry(value, line.number()));
    }
    return new FixedTable(name, "entry", entries);
  }

  @Override
  public Lookup find(String key) {
    Entry entry = entries.get(key.toLowerCase(Locale.ROOT));
    if (entry == null) {
      return new Lookup.Absent();
    }
    Trail.found(name, unit + " " + entry.number(), key, entry.value());
    return new Lookup.Found(entry.value());
  }

  @Override
  public boolean patterns() {
    return false;
  }

  @Override
  public String toString() {
    return name;
  }
}
