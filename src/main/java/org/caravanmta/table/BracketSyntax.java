package org.caravanmta.table;

import java.util.Map;

/// Translates a pattern where our engines differ from POSIX (IEEE 1003.1 §9) and PCRE: bracket
/// expressions, and GNU's anchors of words, `\<` and `\>`.
final class BracketSyntax {
  /// The character classes of POSIX, and their names in Java.
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("alnum", "Alnum"),
          Map.entry("alpha", "Alpha"),
          Map.entry("blank", "Blank"),
          Map.entry("cntrl", "Cntrl"),
          Map.entry("digit", "Digit"),
          Map.entry("graph", "Graph"),
          Map.entry("lower", "Lower"),
          Map.entry("print", "Print"),
          Map.entry("punct", "Punct"),
          Map.entry("space", "Space"),
          Map.entry("upper", "Upper"),
          Map.entry("xdigit", "XDigit"));

  private final String pattern;
  private final boolean posix;
  private final boolean java;
  private final StringBuilder out = new StringBuilder();

  private BracketSyntax(String pattern, boolean posix, boolean java) {
    this.pattern = pattern;
    this.posix = posix;
    this.java = java;
  }

  /// An extended POSIX expression in the syntax of the linear engine, or, with `java`, of the
  /// backtracking engine.
  ///
  /// @throws IllegalArgumentException says what is wrong with the pattern
  static String posix(String pattern, boolean java) {
    return new BracketSyntax(pattern, true, java).translate();
  }

  /// A Perl-compatible expression in the syntax of the backtracking engine.
  ///
  /// @throws IllegalArgumentException says what is wrong with the pattern
  static String perl(String pattern) {
    return new BracketSyntax(pattern, false, true).translate();
  }

  private String translate() {
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '\\' && at + 1 < pattern.length()) {
        out.append(escape(pattern.charAt(at + 1)));
        at += 2;
      } else if (c == '[') {
        at = bracket(at);
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  private String escape(char escaped) {
    if (!posix) {
      return "\\" + escaped;
    }
    return switch (escaped) {
      case '<' -> "\\b(?=\\w)";
      case '>' -> "\\b(?<=\\w)";
      case '`' -> "\\A";
      case '\'' -> "\\z";
      default -> "\\" + escaped;
    };
  }

  /// Copies the bracket expression that starts at `from`; returns where it ends.
  private int bracket(int from) {
    int at = from + 1;
    out.append('[');
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      out.append('^');
      at++;
    }
    int first = at;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == ']' && at > first) {
        out.append(']');
        return at + 1;
      }
      if (c == '[' && at + 1 < pattern.length() && ":.=".indexOf(pattern.charAt(at + 1)) >= 0) {
        int end = named(at);
        if (end > 0) {
          at = end;
          continue;
        }
      }
      if (c == '\\' && !posix && at + 1 < pattern.length()) {
        out.append(c).append(pattern.charAt(at + 1));
        at += 2;
        continue;
      }
      out.append("\\[]&".indexOf(c) >= 0 ? "\\" + c : c);
      at++;
    }
    throw new IllegalArgumentException("\"" + pattern + "\" has a [ without its ]");
  }

  /// Copies the class `[:name:]` at `from` and returns where it ends; -1 when there is no class.
  private int named(int from) {
    char kind = pattern.charAt(from + 1);
    int end = pattern.indexOf(kind + "]", from + 2);
    if (end < 0) {
      return -1;
    }
    String name = pattern.substring(from + 2, end);
    String known = CLASSES.get(name);
    if (kind != ':') {
      throw new IllegalArgumentException(
          "\"" + pattern + "\" has a collating element, which no table here knows");
    }
    if (known == null) {
      throw new IllegalArgumentException(
          "\"" + pattern + "\" has the class " + name + ", which POSIX does not know");
    }
    out.append(java ? "\\p{" + known + "}" : "[:" + name + ":]");
    return end + 2;
  }
}
