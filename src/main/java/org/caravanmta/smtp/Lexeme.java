package org.caravanmta.smtp;

import java.util.ArrayList;
import java.util.List;

/// A token of an address (RFC 5322 §3.2).
///
/// @param kind what it is
/// @param text what it means, without quotes and backslashes; a literal keeps its brackets, a
///   comment is empty
record Lexeme(Kind kind, String text) {
  /// What a token is.
  enum Kind {
    ATOM,
    /// A quoted string.
    QUOTED,
    /// A domain literal, in brackets.
    LITERAL,
    /// One of `<>@,;:.`
    SPECIAL,
    COMMENT
  }

  /// Whether it is this special character.
  boolean is(char special) {
    return kind == Kind.SPECIAL && text.charAt(0) == special;
  }

  /// Whether it is a word: an atom or a quoted string (RFC 5322 §3.2.5).
  boolean isWord() {
    return kind == Kind.ATOM || kind == Kind.QUOTED;
  }

  /// Splits an address into tokens.
  ///
  /// @throws IllegalArgumentException if a quoted string, comment or literal does not end, or a
  ///   character is not allowed where it stands
  static List<Lexeme> of(String text) {
    var all = new ArrayList<Lexeme>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
        continue;
      }
      int end =
          switch (c) {
            case '"' -> closing(text, at, '"');
            case '[' -> closing(text, at, ']');
            case '(' -> commentEnd(text, at);
            default -> isSpecial(c) ? at + 1 : atomEnd(text, at);
          };
      all.add(
          switch (c) {
            case '"' -> new Lexeme(Kind.QUOTED, unescaped(text.substring(at + 1, end - 1)));
            case '[' -> new Lexeme(Kind.LITERAL, text.substring(at, end));
            case '(' -> new Lexeme(Kind.COMMENT, "");
            default ->
                isSpecial(c)
                    ? new Lexeme(Kind.SPECIAL, String.valueOf(c))
                    : new Lexeme(Kind.ATOM, unescaped(text.substring(at, end)));
          });
      at = end;
    }
    return all;
  }

  private static boolean isSpecial(char c) {
    return "<>@,;:.".indexOf(c) >= 0;
  }

  private static int atomEnd(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        at += 2;
      } else if (c == ' ' || c == '\t' || isSpecial(c) || "\"([".indexOf(c) >= 0) {
        break;
      } else if (c < ' ' || c == 127 || ")\\".indexOf(c) >= 0) {
        throw new IllegalArgumentException("a character that needs quotes");
      } else {
        at++;
      }
    }
    return at;
  }

  private static int closing(String text, int from, char last) {
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == last) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("no " + last + " at the end");
  }

  private static int commentEnd(String text, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("a comment without its end");
  }

  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    var plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
    }
    return plain.toString();
  }
}
