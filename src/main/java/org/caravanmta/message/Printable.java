package org.caravanmta.message;

/// Makes text from outside safe to show: characters that could control a terminal, begin a new line
/// of a log or change the direction of writing become `?` (CWE-117, CWE-150; postfix
/// `printable(3)`). The rest of Unicode stays as it is (RFC 6531 §3.3).
///
/// Replaced are the control characters C0, C1 and DEL, separators of lines and paragraphs, format
/// characters such as marks of the direction of writing, halves of surrogate pairs, and code points
/// that are not assigned.
public final class Printable {
  static final char INSTEAD = '?';

  private Printable() {}

  /// Text for one line.
  public static String text(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!is(c)) {
        return cleaned(text, i);
      }
      i += Character.charCount(c);
    }
    return text;
  }

  private static String cleaned(String text, int from) {
    var clean = new StringBuilder(text.length()).append(text, 0, from);
    text.codePoints()
        .skip(text.codePointCount(0, from))
        .forEach(c -> clean.appendCodePoint(is(c) ? c : INSTEAD));
    return clean.toString();
  }

  /// Text of several lines, which keeps its line ends and tabs.
  public static String lines(String text) {
    var lines = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      boolean end = c == '\n' || c == '\r' && text.startsWith("\n", i + 1);
      lines.appendCodePoint(end || c == '\t' || is(c) ? c : INSTEAD);
      i += Character.charCount(c);
    }
    return lines.toString();
  }

  /// Text for replies and trace fields: only printable ASCII is kept.
  public static String ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isAscii(text.charAt(i))) {
        var clean = new StringBuilder(text);
        for (int j = i; j < clean.length(); j++) {
          if (!isAscii(clean.charAt(j))) {
            clean.setCharAt(j, INSTEAD);
          }
        }
        return clean.toString();
      }
    }
    return text;
  }

  private static boolean isAscii(int c) {
    return c >= ' ' && c < 127;
  }

  /// Whether a character is shown as it is.
  ///
  /// @param c a code point, or half of a surrogate pair
  public static boolean is(int c) {
    if (c < 128) {
      return isAscii(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
