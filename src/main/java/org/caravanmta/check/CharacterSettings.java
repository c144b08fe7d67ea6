package org.caravanmta.check;

/// The {@link Characters} that a message may not have, and those that are removed from it: keys of
/// the section `checks`. Both are characters and escapes, such as `\0` or `\200`; empty for none.
///
/// @param rejectCharacters a message with one of them is refused (postfix
///   `message_reject_characters`)
/// @param stripCharacters these are removed before anything else (postfix
///   `message_strip_characters`)
public record CharacterSettings(String rejectCharacters, String stripCharacters) {
  public CharacterSettings {
    require("reject-characters", rejectCharacters);
    require("strip-characters", stripCharacters);
  }

  /// Refuses text that is not made of characters and escapes, and the two that end lines.
  private static void require(String key, String text) {
    if (!text.matches("([ -~&&[^\\\\]]|\\\\([abftv\\\\]|(?!0?1[25](?![0-7]))[0-7]{1,3}))*")) {
      throw new IllegalArgumentException(
          key
              + " must be characters and escapes such as \\0 or \\200, without those that end"
              + " lines");
    }
  }
}
