package org.caravanmta.table;

/// Makes text that another program has sent fit for a log line.
final class ForeignText {
  /// Characters that are kept: a log line has room for them.
  private static final int LONGEST = 200;

  private ForeignText() {}

  /// The text with `?` in place of each control character, cut after {@link #LONGEST}.
  static String printable(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
  }
}
