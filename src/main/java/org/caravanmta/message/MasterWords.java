package org.caravanmta.message;

import java.util.ArrayList;
import java.util.List;

/// Splits a line at white space as postfix `master(5)` does: what begins with a brace goes on to
/// the brace that closes it, and may have white space in it.
public final class MasterWords {
  private MasterWords() {}

  /// The words, without the braces around one.
  ///
  /// @throws IllegalArgumentException if a brace is not closed
  public static List<String> of(String line) {
    var words = new ArrayList<String>();
    String rest = line.strip();
    while (!rest.isEmpty()) {
      int end = 0;
      int depth = 0;
      boolean braced = rest.startsWith("{");
      while (end < rest.length()
          && (braced && depth > 0 || !Character.isWhitespace(rest.charAt(end)))) {
        depth += rest.charAt(end) == '{' ? 1 : rest.charAt(end) == '}' ? -1 : 0;
        end++;
      }
      String word = rest.substring(0, end);
      if (braced && (depth != 0 || !word.endsWith("}"))) {
        throw new IllegalArgumentException("a } for each {");
      }
      words.add(braced ? word.substring(1, word.length() - 1).strip() : word);
      rest = rest.substring(end).strip();
    }
    return words;
  }
}
