package org.caravanmta.delivery.shaping;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How often something may begin, as a rule writes it: `12/s`, `600/m`, `1000/h`. Beginnings are
/// spaced: after each there is a rest, and none are saved up.
///
/// @param count at least 1
/// @param unit `s`, `m` or `h`
public record Rate(int count, char unit) {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})/([smh])");

  /// Reads one.
  ///
  /// @throws IllegalArgumentException if it is not one
  static Rate parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new Rate(Integer.parseInt(form.group(1)), form.group(2).charAt(0));
  }

  /// From one beginning to the next.
  public Duration interval() {
    return switch (unit) {
      case 's' -> Duration.ofSeconds(1).dividedBy(count);
      case 'm' -> Duration.ofMinutes(1).dividedBy(count);
      default -> Duration.ofHours(1).dividedBy(count);
    };
  }

  @Override
  public String toString() {
    return count + "/" + unit;
  }
}
