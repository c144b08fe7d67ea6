package org.caravanmta.mime;

/// The text of a field as people read it: unfolded (RFC 5322 §2.2.3), its encoded words decoded
/// (RFC 2047).
public final class DecodedText {
  private DecodedText() {}

  /// The text of a field's value; what is not as it should be is read as mail readers do.
  public static String of(String value) {
    String unfolded = value.replaceAll("\\r?\\n(?=[ \\t])", "");
    // the first reading is the text itself
    return EncodedWords.readings(unfolded, _ -> {}).stream()
        .skip(1)
        .findFirst()
        .orElse(unfolded)
        .replaceAll("\\s+", " ")
        .strip();
  }
}
