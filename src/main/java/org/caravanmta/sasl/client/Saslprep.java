package org.caravanmta.sasl.client;

import java.text.Normalizer;

/// Brings users and passwords into the form in which both sides hash them (SASLprep, RFC 4013).
final class Saslprep {
  private Saslprep() {}

  /// The prepared text. One that may not be prepared, as with a control character or with letters
  /// of both directions (RFC 4013 §2.3, RFC 3454 §6), stays as it is: some server may have it so.
  static String of(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      return text;
    }
    var mapped = new StringBuilder();
    text.codePoints()
        .filter(c -> !mappedToNothing(c))
        .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
        .forEach(mapped::appendCodePoint);
    String prepared = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    return prepared.codePoints().anyMatch(Saslprep::prohibited) || mixed(prepared)
        ? text
        : prepared;
  }

  /// RFC 3454 table B.1.
  private static boolean mappedToNothing(int c) {
    return switch (c) {
      case 0xad, 0x34f, 0x1806, 0x180b, 0x180c, 0x180d, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff ->
          true;
      default -> c >= 0xfe00 && c <= 0xfe0f;
    };
  }

  /// RFC 4013 §2.3: controls, private use, surrogates, non-characters, and what makes no sense in
  /// plain text.
  private static boolean prohibited(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default ->
          (c & 0xfffe) == 0xfffe
              || c >= 0xfdd0 && c <= 0xfdef
              || c >= 0xfff9 && c <= 0xfffd
              || c >= 0x2ff0 && c <= 0x2ffb
              || c == 0x340
              || c == 0x341;
    };
  }

  /// RFC 3454 §6: with letters from right to left there are none from left to right, and one stands
  /// at either end.
  private static boolean mixed(String text) {
    if (text.codePoints().noneMatch(Saslprep::fromTheRight)) {
      return false;
    }
    return text.codePoints()
            .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
        || !fromTheRight(text.codePointAt(0))
        || !fromTheRight(text.codePointBefore(text.length()));
  }

  private static boolean fromTheRight(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }
}
