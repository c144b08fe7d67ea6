package org.caravanmta.filter.spamd;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How SpamAssassin has judged a message: `Spam: True ; 15.2 / 5.0`.
///
/// @param spam whether it takes the message for spam
/// @param required the score from which on it does
record SpamScore(boolean spam, double reached, double required) {
  /// Where the locale of spamd has it so, with a comma.
  private static final String NUMBER = "([-+]?\\d{1,9}(?:[.,]\\d{1,9})?)";

  private static final Pattern FIELD =
      Pattern.compile("(?i)spam: *(true|false|yes|no) *; *" + NUMBER + " */ *" + NUMBER);

  /// Reads the field; absent if the line is another.
  static Optional<SpamScore> of(String line) {
    var field = FIELD.matcher(line.strip());
    if (!field.matches()) {
      return Optional.empty();
    }
    String verdict = field.group(1).toLowerCase(Locale.ROOT);
    return Optional.of(
        new SpamScore(
            verdict.equals("true") || verdict.equals("yes"),
            number(field.group(2)),
            number(field.group(3))));
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(',', '.'));
  }

  @Override
  public String toString() {
    return "score=" + reached + " required=" + required;
  }
}
