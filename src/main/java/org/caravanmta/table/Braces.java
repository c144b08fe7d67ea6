package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;

/// Reads lists in braces, the form of tables that are written into a setting: `{ a=b, { c = d e }
/// }`.
final class Braces {
  private Braces() {}

  /// The text between the opening brace and its closing brace, which are the first and the last
  /// character.
  ///
  /// @throws TableProblem if they are not
  static String content(String table, String braced) {
    if (!braced.startsWith("{") || closing(braced, 0) != braced.length() - 1) {
      throw new TableProblem(
          table, "", "expected entries in braces, {key=value, ...}, found \"" + braced + "\"");
    }
    return braced.substring(1, braced.length() - 1);
  }

  /// The items of a list in braces, which commas or white space outside further braces separate. An
  /// item in braces keeps its braces.
  ///
  /// @throws TableProblem if a brace is not closed
  static List<String> items(String table, String braced) {
    String list = content(table, braced);
    var items = new ArrayList<String>();
    int at = 0;
    while (at < list.length()) {
      char c = list.charAt(at);
      if (isSeparator(c)) {
        at++;
        continue;
      }
      int end = at;
      while (end < list.length() && !isSeparator(list.charAt(end))) {
        end = list.charAt(end) == '{' ? closing(list, end) + 1 : end + 1;
        if (end == 0) {
          throw new TableProblem(table, "", "a brace without its partner in \"" + list + "\"");
        }
        if (c == '{') {
          break;
        }
      }
      items.add(list.substring(at, end));
      at = end;
    }
    return items;
  }

  private static boolean isSeparator(char c) {
    return c == ',' || Character.isWhitespace(c);
  }

  private static int closing(String text, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '{') {
        depth++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    return -1;
  }
}
