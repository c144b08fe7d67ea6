package org.caravanmta.smtp.server;

/// Text of the peer's made fit to be shown to others: what it cannot hold becomes `?`, so that
/// nobody writes lines into our log, or replies into our dialogue (CWE-117).
public final class Printable {
  private Printable() {}

  /// For the log: no control or format characters, no line separators.
  public static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPrintable(text.charAt(i))) {
        var clean = new StringBuilder(text);
        for (int j = i; j < clean.length(); j++) {
          if (!isPrintable(clean.charAt(j))) {
            clean.setCharAt(j, '?');
          }
        }
        return clean.toString();
      }
    }
    return text;
  }

  /// For replies and trace fields: printable ASCII only.
  static String ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isAscii(text.charAt(i))) {
        var clean = new StringBuilder(text);
        for (int j = i; j < clean.length(); j++) {
          if (!isAscii(clean.charAt(j))) {
            clean.setCharAt(j, '?');
          }
        }
        return clean.toString();
      }
    }
    return text;
  }

  private static boolean isAscii(char c) {
    return c >= ' ' && c < 127;
  }

  private static boolean isPrintable(char c) {
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
