package org.caravanmta.address;

/// ASCII, and the case of letters as protocols mean it (RFC 5321 §2.4): of `A` to `Z` only,
/// whatever the locale. Java's own folding takes the dotless `ı` for an `i` and the long `ſ` for an
/// `s`, and so sees words where another server sees none.
public final class Ascii {
  private Ascii() {}

  /// Whether a text has no other characters.
  public static boolean is(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return false;
      }
    }
    return true;
  }

  /// The text with `a` to `z` in capitals.
  public static String upper(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isLower(text.charAt(i))) {
        char[] folded = text.toCharArray();
        for (int j = i; j < folded.length; j++) {
          folded[j] = upper(folded[j]);
        }
        return new String(folded);
      }
    }
    return text;
  }

  /// The text with `A` to `Z` in small letters.
  public static String lower(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isUpper(text.charAt(i))) {
        char[] folded = text.toCharArray();
        for (int j = i; j < folded.length; j++) {
          folded[j] = isUpper(folded[j]) ? (char) (folded[j] + ('a' - 'A')) : folded[j];
        }
        return new String(folded);
      }
    }
    return text;
  }

  /// Whether two texts are the same but for the case of such letters.
  public static boolean same(String one, String other) {
    return one.length() == other.length() && begins(one, other);
  }

  /// Whether a text begins with a word, in any case.
  public static boolean begins(String text, String word) {
    return at(text, 0, word);
  }

  /// Whether a word stands in a text at an index, in any case.
  public static boolean at(String text, int index, String word) {
    if (index < 0 || text.length() - index < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      char here = text.charAt(index + i);
      char wanted = word.charAt(i);
      if (here != wanted && upper(here) != upper(wanted)) {
        return false;
      }
    }
    return true;
  }

  private static char upper(char c) {
    return isLower(c) ? (char) (c - ('a' - 'A')) : c;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
