package org.caravanmta.check;

/// The {@link Characters} that a message may not have, and those that are taken out of it: keys of
/// the section `checks`.
public record CharacterSettings(String rejectCharacters, String stripCharacters) {
  public CharacterSettings {
    require("reject-characters", rejectCharacters);
    require("strip-characters", stripCharacters);
  }

  /// Refuses what is not characters and escapes, or would match line ends.
  private static void require(String key, String text) {
    if (!text.matches("([ -~&&[^\\\\]]|\\\\([abftv\\\\]|(?!0?1[25](?![0-7]))[0-7]{1,3}))*")) {
      throw new IllegalArgumentException(
          key
              + " must be characters and escapes such as \\0 or \\200, without those that end"
              + " lines");
    }
  }
}
