package org.caravanmta.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table of keys and values in memory, `texthash`, `hash` or `inline` (postfix
/// `DATABASE_README`): a key is found if it is the same text, in upper or lower case.
///
/// @param unit what places count: `line` or `entry`
/// @param entries by key in lower case
record FixedTable(String name, String unit, Map<String, Entry> entries) implements Table {
  private static final Logger LOG = LoggerFactory.getLogger(FixedTable.class);

  /// Any domain, to write a local part as SMTP has it.
  private static final Domain ANY = new Domain("x");

  /// A value and where it is; kept small, since there may be a million.
  ///
  /// @param number of the line or entry
  record Entry(String value, int number) {}

  /// Reads lines of `key value`. Of two entries with the same key the first counts.
  ///
  /// @throws TableProblem names every line that is wrong, unless `values` tolerates them
  static FixedTable read(String name, Iterable<TableLine> lines, Values values) {
    var reading = new Reading(name, values);
    for (TableLine line : lines) {
      reading.line(
          line,
          () -> {
            TableLine.Pair pair = line.split();
            if (pair.value().isEmpty()) {
              throw expected("\"key value\"", line, values);
            }
            reading.entry(line, pair.key(), pair.value());
          });
    }
    return reading.table("line");
  }

  /// Reads lines of `name: value` or `name value` (postfix `aliases(5)`). A name that needs quotes
  /// in SMTP is found with and without them.
  ///
  /// @throws TableProblem names every line that is wrong, unless `values` tolerates them
  static FixedTable aliases(String name, Iterable<TableLine> lines, Values values) {
    var reading = new Reading(name, values);
    for (TableLine line : lines) {
      reading.line(
          line,
          () -> {
            AliasLine alias = AliasLine.of(line);
            reading.entry(line, alias.name(), alias.value());
            String quoted = new Address(alias.name(), ANY).toString();
            String inSmtp = quoted.substring(0, quoted.lastIndexOf('@'));
            if (!inSmtp.equals(alias.name())) {
              reading.entry(line, inSmtp, alias.value());
            }
          });
    }
    return reading.table("line");
  }

  /// The reading of a table, line by line, which goes on after a line that is wrong.
  private static final class Reading {
    private final String name;
    private final Values values;
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<TableProblem> problems = new ArrayList<>();

    Reading(String name, Values values) {
      this.name = name;
      this.values = values;
    }

    void line(TableLine line, Runnable taking) {
      try {
        if (line.continuesNothing()) {
          throw line.noneBefore(name);
        }
        taking.run();
      } catch (TableProblem e) {
        problem(e);
      } catch (IllegalArgumentException e) {
        problem(line.problem(name, String.valueOf(e.getMessage())));
      }
    }

    void entry(TableLine line, String key, String value) {
      try {
        values.check(key, value);
      } catch (IllegalArgumentException e) {
        problem(line.problem(name, String.valueOf(e.getMessage())));
      }
      var entry = new Entry(value, line.number());
      Entry before = entries.putIfAbsent(key.toLowerCase(Locale.ROOT), entry);
      if (before != null && before.number() != entry.number()) {
        LOG.warn("{}, {}: a second entry for {} is not used", name, line.place(), key);
      }
    }

    private void problem(TableProblem problem) {
      if (values.tolerant()) {
        Remarks.skip(String.valueOf(problem.getMessage()));
      } else {
        problems.add(problem);
      }
    }

    FixedTable table(String unit) {
      if (!problems.isEmpty()) {
        throw TableProblem.of(problems);
      }
      return new FixedTable(name, unit, entries);
    }
  }

  /// Reads a table in a setting, `{key=value, { key = value with spaces }}`; in it, no mistake is
  /// tolerated.
  ///
  /// @throws TableProblem names every entry that is wrong
  static FixedTable inline(String name, String braced, Values values) {
    var reading = new Reading(name, Values.strict(values));
    for (TableLine line : TableLine.entries(name, braced)) {
      reading.line(
          line,
          () -> {
            int equals = line.text().indexOf('=');
            String key = equals < 0 ? "" : line.text().substring(0, equals).strip();
            if (key.isEmpty()) {
              throw expected("key=value", line, values);
            }
            reading.entry(line, key, line.text().substring(equals + 1).strip());
          });
    }
    return reading.table("entry");
  }

  private static IllegalArgumentException expected(String form, TableLine line, Values values) {
    String found = values.secret() ? "" : ", found \"" + line.text() + "\"";
    return new IllegalArgumentException("expected " + form + found);
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
