package org.caravanmta.restriction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The words of a list as Postfix parts them: at commas and white space, but not in braces.
final class ListWords {
  private final List<String> words;
  private int at;

  private ListWords(List<String> words) {
    this.words = words;
  }

  static ListWords of(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    int depth = 0;
    for (char c : (text + " ").toCharArray()) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth <= 0 && (c == ',' || Character.isWhitespace(c))) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
      } else {
        word.append(c);
      }
    }
    if (depth != 0) {
      throw new IllegalArgumentException("a brace without its partner in \"" + text + "\"");
    }
    return new ListWords(words);
  }

  boolean more() {
    return at < words.size();
  }

  String next() {
    return words.get(at++);
  }

  /// The argument of a restriction.
  ///
  /// @param expected in the operator's words
  String argument(String name, String expected) {
    if (!more()) {
      throw new IllegalArgumentException(name + ": expected " + expected + " after it");
    }
    return next();
  }

  /// The name of a restriction as Postfix writes it, of that or of the form that beans have:
  /// `reject_unauth_destination` of `rejectUnauthDestination`.
  static String postfix(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_")
        .toLowerCase(Locale.ROOT);
  }
}
