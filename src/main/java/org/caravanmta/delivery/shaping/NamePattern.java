package org.caravanmta.delivery.shaping;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The pattern of a rule for names of servers: `*` stands for any characters, with dots or without,
/// also for none.
///
/// @param length how many characters besides `*` it has
record NamePattern(ShapingRule rule, Pattern form, int length) {
  static NamePattern of(ShapingRule rule) {
    String written = rule.pattern();
    String form =
        Arrays.stream(written.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return new NamePattern(
        rule,
        Pattern.compile(form),
        written.length() - (int) written.chars().filter(c -> c == '*').count());
  }

  /// @param name in lower case, without a dot at its end
  boolean matches(String name) {
    return form.matcher(name).matches();
  }
}
