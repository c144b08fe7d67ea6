package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;

/// A logical line of a table's source (postfix `postmap(1)`): a line and those behind it that start
/// with white space. Empty lines and lines whose first sign is `#` are not there, not even between
/// a line and its continuation.
///
/// @param place `line 3`: where it starts
/// @param text without white space at its end
record Line(String place, String text) {
  static List<Line> of(String table, String source) {
    var lines = new ArrayList<Line>();
    int number = 0;
    for (int from = 0; from <= source.length(); ) {
      int newline = source.indexOf('\n', from);
      int end = newline < 0 ? source.length() : newline;
      String physical = source.substring(from, end);
      from = end + 1;
      number++;
      String bare = physical.strip();
      if (bare.isEmpty() || bare.startsWith("#")) {
        continue;
      }
      if (!Character.isWhitespace(physical.charAt(0))) {
        lines.add(new Line("line " + number, physical.stripTrailing()));
      } else if (lines.isEmpty()) {
        throw new TableProblem(
            table, "line " + number, "continues a line, but there is none before it");
      } else {
        Line begun = lines.removeLast();
        lines.add(new Line(begun.place, begun.text + physical.stripTrailing()));
      }
    }
    return lines;
  }

  /// The entries of a table that stands in the setting itself, `{ {rule}, {rule} }`.
  static List<Line> entries(String table, String braced) {
    var lines = new ArrayList<Line>();
    for (String entry : Braces.items(table, braced)) {
      lines.add(
          new Line(
              "entry " + (lines.size() + 1),
              entry.startsWith("{") ? Braces.content(table, entry).strip() : entry));
    }
    return lines;
  }

  /// The word that ends at the first white space outside of double quotes, and what follows.
  Pair split() {
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

  /// The name before the first colon outside of double quotes, and what follows; a line without one
  /// has no value.
  Pair alias() {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ':' && !quoted) {
        return new Pair(
            text.substring(0, i).strip().replace("\"", ""), text.substring(i + 1).strip());
      }
    }
    return new Pair(text, "");
  }

  TableProblem problem(String table, String what) {
    return new TableProblem(table, place, what);
  }

  /// Has `values` look at a value of this line.
  void check(String table, Values values, String value) {
    check(table, values, "", value);
  }

  /// Has `values` look at the key and value of this line.
  void check(String table, Values values, String key, String value) {
    try {
      values.check(key, value);
    } catch (IllegalArgumentException e) {
      throw problem(table, String.valueOf(e.getMessage()));
    }
  }

  record Pair(String key, String value) {}
}
