package org.caravanmta.message;

/// Text of others' made fit to be shown: what could steer a terminal, write lines of its own into a
/// log or turn what is read around becomes `?` (CWE-117, CWE-150; postfix `printable(3)`). The rest
/// of Unicode stays as it is (RFC 6531 §3.3).
///
/// Not shown are the controls of C0 and C1 and DEL, separators of lines and paragraphs, format
/// characters such as the marks that change the direction of writing, halves of surrogate pairs,
/// and what is not assigned.
public final class Printable {
  static final char INSTEAD = '?';

  private Printable() {}

  /// On one line.
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

  /// On the lines of the text itself, whose ends and tabs stay.
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

  /// For replies and trace fields: printable ASCII only.
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
