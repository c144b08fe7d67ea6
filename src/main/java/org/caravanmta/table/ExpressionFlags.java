package org.caravanmta.table;

/// The flags of a regular expression of a `regexp` or `pcre` table (postfix `pcre_table(5)`).
///
/// @param ignoreCase whether upper and lower case are the same
/// @param dotAll whether `.` matches a line break too
/// @param multiline whether `^` and `$` match at line breaks too
/// @param extended whether white space and comments in the pattern are ignored
/// @param anchored whether a match must begin where the text does
/// @param ungreedy whether repetitions match as little as they can
record ExpressionFlags(
    boolean ignoreCase,
    boolean dotAll,
    boolean multiline,
    boolean extended,
    boolean anchored,
    boolean ungreedy) {
  /// Reads the letters after a pattern. Each letter toggles its flag; `ignoreCase` and `dotAll` are
  /// on to begin with, the others off.
  ///
  /// @param posix whether the pattern is of a `regexp` table, which knows only `i` and `m`
  /// @throws IllegalArgumentException names a letter that is not a flag
  static ExpressionFlags parse(String letters, boolean posix) {
    boolean ignoreCase = true;
    boolean dotAll = true;
    boolean multiline = false;
    boolean extended = false;
    boolean anchored = false;
    boolean ungreedy = false;
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      String known = posix ? "im" : "imsxAEUX";
      if (known.indexOf(letter) < 0) {
        throw new IllegalArgumentException(
            "the flag " + letter + " is not one of " + String.join(", ", known.split("")));
      }
      switch (letter) {
        case 'i' -> ignoreCase = !ignoreCase;
        case 'm' -> multiline = !multiline;
        case 's' -> dotAll = !dotAll;
        case 'x' -> extended = !extended;
        case 'A' -> anchored = !anchored;
        case 'U' -> ungreedy = !ungreedy;
        // E is for a line break at the end of the text, which no key has; X is for old syntax
        default -> {}
      }
    }
    return new ExpressionFlags(
        ignoreCase, posix ? !multiline : dotAll, multiline, extended, anchored, ungreedy);
  }
}
