package org.caravanmta.table;

/// Text of another program, as it may stand in a log line.
final class ForeignText {
  private static final int LONGEST = 200;

  private ForeignText() {}

  /// Without control characters, and not longer than a line of the log should be.
  static String printable(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
  }
}
