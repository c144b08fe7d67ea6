package org.caravanmta.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Ascii;

/// What stands after `MAIL FROM:` or `RCPT TO:`, cut into words as Postfix cuts it (RFC 5321
/// §4.1.1): at white space that is not in `<>` or quotes. A name before the `<` is thus a word of
/// its own, and what follows it a parameter that nobody knows.
///
/// @param path the first word, with its `<>` if there are any
/// @param parameters the other words: `SIZE=1000`
record Argument(String path, List<String> parameters) {
  Argument {
    parameters = List.copyOf(parameters);
  }

  /// @param keyword `FROM:` or `TO:`
  /// @return absent when the keyword is missing or nothing but it is there
  static Optional<Argument> of(String text, String keyword) {
    if (!Ascii.begins(text, keyword)) {
      return Optional.empty();
    }
    var words = new ArrayList<String>();
    int at = skip(text, keyword.length());
    while (at < text.length()) {
      int end = end(text, at);
      words.add(text.substring(at, end));
      at = skip(text, end);
    }
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(new Argument(words.getFirst(), words.subList(1, words.size())));
  }

  private static int skip(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }

  /// Where the word ends that begins at an index.
  private static int end(String text, int from) {
    char open = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (open == '"') {
        open = c == '"' ? 0 : open;
      } else if (open == '<') {
        if (c == '"') {
          i = quoted(text, i);
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

  /// Where the quotes end that begin at an index.
  private static int quoted(String text, int from) {
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
