package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The value of an entry of a {@link PatternTable} (postfix `pcre_table(5)`, TEXT SUBSTITUTION):
/// text with `$1`, `${1}` or `$(1)` for a group of the match and `$$` for a dollar.
record PatternSubstitution(List<Part> parts) {
  private static final Pattern DOLLAR =
      Pattern.compile("\\$(?:(\\$)|(\\d+)|\\{(\\d+)\\}|\\((\\d+)\\)|)");

  /// A piece of the value.
  sealed interface Part {
    /// Text as it is.
    record Text(String text) implements Part {}

    /// A group of the match; 0 is the whole match.
    record Group(int number) implements Part {}
  }

  /// @param groups how many groups the pattern has
  /// @throws IllegalArgumentException if what follows a dollar is not one of them
  static PatternSubstitution parse(String text, int groups) {
    var parts = new ArrayList<Part>();
    var dollar = DOLLAR.matcher(text);
    int from = 0;
    while (dollar.find()) {
      parts.add(new Part.Text(text.substring(from, dollar.start())));
      from = dollar.end();
      if (dollar.group(1) != null) {
        parts.add(new Part.Text("$"));
        continue;
      }
      String digits = "";
      for (int i = 2; i <= 4; i++) {
        digits = dollar.group(i) == null ? digits : dollar.group(i);
      }
      if (digits.isEmpty() || digits.length() > 3 || Integer.parseInt(digits) > groups) {
        throw new IllegalArgumentException(
            "expected $$, or $1 for one of the pattern's "
                + groups
                + " groups, in \""
                + text
                + "\"");
      }
      parts.add(new Part.Group(Integer.parseInt(digits)));
    }
    parts.add(new Part.Text(text.substring(from)));
    return new PatternSubstitution(List.copyOf(parts));
  }

  /// Whether the value is the same for every match.
  boolean fixed() {
    return parts.stream().allMatch(part -> part instanceof Part.Text);
  }

  /// The value for a match.
  ///
  /// @param groups of the match, the whole match first
  String with(List<String> groups) {
    var value = new StringBuilder();
    for (Part part : parts) {
      value.append(
          switch (part) {
            case Part.Text(String text) -> text;
            case Part.Group(int number) -> groups.get(number);
          });
    }
    return value.toString();
  }
}
