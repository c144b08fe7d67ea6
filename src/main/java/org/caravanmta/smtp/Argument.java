package org.caravanmta.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Ascii;

/// The argument of MAIL or RCPT after `FROM:` or `TO:` (RFC 5321 §4.1.1), split into words as
/// Postfix does: at white space that is not within `<>` or quotes. A display name before the `<` is
/// thus a word of its own, and the address after it a parameter that nobody knows.
///
/// @param path the first word, including `<>` if it has them
/// @param parameters the other words: `SIZE=1000`
record Argument(String path, List<String> parameters) {
  Argument {
    parameters = List.copyOf(parameters);
  }

  /// Splits the text after the verb.
  ///
  /// @param keyword `FROM:` or `TO:`
  /// @return empty if the keyword is missing or nothing follows it
  static Optional<Argument> of(String text, String keyword) {
    if (!Ascii.begins(text, keyword)) {
      return Optional.empty();
    }
    var words = new ArrayList<String>();
    int at = skipBlanks(text, keyword.length());
    while (at < text.length()) {
      int end = wordEnd(text, at);
      words.add(text.substring(at, end));
      at = skipBlanks(text, end);
    }
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(new Argument(words.getFirst(), words.subList(1, words.size())));
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }

  /// The offset at which the word that begins at `from` ends.
  private static int wordEnd(String text, int from) {
    char open = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (open == '"') {
        open = c == '"' ? 0 : open;
      } else if (open == '<') {
        if (c == '"') {
          i = closingQuote(text, i);
        } else if (c == '>') {
          open = 0;
        }
      } else if (c == '<' || c == '"') {
        open = c;
      } else if (c <= ' ') {
        return i;
      }
    }
    return text.length();
  }

  /// The offset of the quote that closes the one at `from`, or the length of the text if there is
  /// none.
  private static int closingQuote(String text, int from) {
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i;
      }
    }
    return text.length();
  }
}
