package org.caravanmta.mime;

/// Removes comments, which are text in parentheses (RFC 5322 §3.2.2), from the value of a field.
final class Comments {
  private Comments() {}

  /// The text without its comments. Parentheses in a quoted string are not comments; a comment that
  /// has no end takes the rest of the text.
  static String without(String text) {
    var out = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        if (depth == 0) {
          out.append(c).append(text.charAt(i + 1));
        }
        i++;
      } else if (!quoted && c == '(') {
        depth++;
      } else if (!quoted && c == ')' && depth > 0) {
        depth--;
      } else if (depth == 0) {
        quoted ^= c == '"';
        out.append(c);
      }
    }
    return out.toString();
  }
}
