package org.caravanmta.message;

import java.nio.charset.StandardCharsets;

/// Writes the name before an address in a header field (RFC 5322 §3.4): plain words as they are,
/// other ASCII in quotes, and the rest as encoded words (RFC 2047 §5), so that a name can never be
/// read as an address.
public final class DisplayName {
  /// The characters of an atom besides letters and digits (RFC 5322 §3.2.3).
  private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

  /// Characters of an encoded word (RFC 2047 §2) without its `=?utf-8?Q?` and `?=`.
  private static final int LONGEST = 75 - 12;

  private DisplayName() {}

  /// `Joe <joe@example.org>`; the address alone if the name is empty.
  ///
  /// @param address as SMTP has it, without angle brackets
  public static String before(String address, String name) {
    String clean = name.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return clean.isEmpty() ? address : written(clean) + " <" + address + ">";
  }

  private static String written(String name) {
    if (name.chars().anyMatch(c -> c > 126) || name.contains("=?")) {
      return encoded(name);
    }
    return name.chars().allMatch(DisplayName::isPlain)
        ? name
        : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String encoded(String name) {
    var words = new StringBuilder();
    var word = new StringBuilder();
    for (int c : name.codePoints().toArray()) {
      String encoded = encoded(c);
      if (word.length() + encoded.length() > LONGEST) {
        words.append("=?utf-8?Q?").append(word).append("?=\r\n ");
        word.setLength(0);
      }
      word.append(encoded);
    }
    return words.append("=?utf-8?Q?").append(word).append("?=").toString();
  }

  private static String encoded(int c) {
    if (c == ' ') {
      return "_";
    }
    if (isLetter(c)) {
      return Character.toString(c);
    }
    var encoded = new StringBuilder();
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      encoded.append(String.format("=%02X", b));
    }
    return encoded.toString();
  }

  private static boolean isPlain(int c) {
    return c == ' ' || isLetter(c) || ATEXT.indexOf(c) >= 0;
  }

  private static boolean isLetter(int c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }
}
