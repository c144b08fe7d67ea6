package org.caravanmta.table;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A logical line of a table's source (postfix `postmap(1)`): a line and those after it that start
/// with white space. Empty lines and comments, whose first character is `#`, are left out, also
/// between a line and its continuation.
///
/// @param unit what `number` counts, `line` or `entry`; empty if there is nothing to count
/// @param number where it starts, from 1
/// @param text without white space at its end
public record TableLine(String unit, int number, String text) {
  private static final String UNIT = "line";

  /// All lines of a source.
  ///
  /// @param table what messages call it
  /// @throws TableProblem if the first line is a continuation
  public static List<TableLine> of(String table, String source) {
    var lines = new ArrayList<TableLine>();
    in(table, source).forEach(lines::add);
    if (!lines.isEmpty() && lines.getFirst().continuesNothing()) {
      throw lines.getFirst().noneBefore(table);
    }
    return lines;
  }

  /// The lines of a source, each made when it is asked for: a table may have a million.
  static Iterable<TableLine> in(String table, String source) {
    return () -> new Reading(table, source);
  }

  /// `line 3`.
  String place() {
    return unit.isEmpty() ? "" : unit + " " + number;
  }

  /// The reading of a source.
  private static final class Reading implements Iterator<TableLine> {
    private final String table;
    private final String source;
    private int from;
    private int number;
    private @Nullable TableLine next;

    Reading(String table, String source) {
      this.table = table;
      this.source = source;
      this.next = physical();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public TableLine next() {
      TableLine line = next;
      if (line == null) {
        throw new NoSuchElementException(table);
      }
      for (next = physical(); next != null && continues(next); next = physical()) {
        line = new TableLine(UNIT, line.number, line.text + next.text);
      }
      return line;
    }

    /// The next physical line that is neither empty nor a comment; null at the end.
    private @Nullable TableLine physical() {
      while (from <= source.length()) {
        int newline = source.indexOf('\n', from);
        int end = newline < 0 ? source.length() : newline;
        int start = from;
        while (start < end && Character.isWhitespace(source.charAt(start))) {
          start++;
        }
        String text = source.substring(from, end);
        from = end + 1;
        number++;
        if (start < end && source.charAt(start) != '#') {
          return new TableLine(UNIT, number, text.stripTrailing());
        }
      }
      return null;
    }

    private static boolean continues(TableLine line) {
      return Character.isWhitespace(line.text.charAt(0));
    }
  }

  /// The entries of a table that is written into a setting, `{ {rule}, {rule} }`.
  static List<TableLine> entries(String table, String braced) {
    var lines = new ArrayList<TableLine>();
    for (String entry : Braces.items(table, braced)) {
      lines.add(
          new TableLine(
              "entry",
              lines.size() + 1,
              entry.startsWith("{") ? Braces.content(table, entry).strip() : entry));
    }
    return lines;
  }

  /// The key, which ends at the first white space outside double quotes, and the value after it,
  /// which may be empty.
  public Pair split() {
    boolean quoted = false;
    int end = 0;
    for (; end < text.length(); end++) {
      char c = text.charAt(end);
      if (c == '\\' && quoted) {
        end++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && Character.isWhitespace(c)) {
        break;
      }
    }
    int key = Math.min(end, text.length());
    return new Pair(text.substring(0, key), text.substring(key).strip());
  }

  TableProblem problem(String table, String what) {
    return new TableProblem(table, place(), what);
  }

  /// Whether this is a continuation without a line before it, which only the first line can be.
  boolean continuesNothing() {
    return Character.isWhitespace(text.charAt(0));
  }

  TableProblem noneBefore(String table) {
    return problem(table, "continues a line, but there is none before it");
  }

  /// Checks a value of this line.
  ///
  /// @throws TableProblem names the line
  void check(String table, Values values, String value) {
    check(table, values, "", value);
  }

  /// Checks a key and a value of this line.
  ///
  /// @throws TableProblem names the line
  void check(String table, Values values, String key, String value) {
    try {
      values.check(key, value);
    } catch (IllegalArgumentException e) {
      throw problem(table, String.valueOf(e.getMessage()));
    }
  }

  /// A key and its value.
  public record Pair(String key, String value) {}
}
