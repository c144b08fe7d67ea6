package org.caravanmta.queue.selector;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as operators write them: `90s`, `5m`, `2h`, `3d`, `1w`.
public final class Age {
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12})(ms|s|m|h|d|w)");
  private static final List<String> UNITS = List.of("w", "d", "h", "m", "s", "ms");

  private Age() {}

  /// The milliseconds of a time.
  ///
  /// @throws IllegalArgumentException if it is not such a time
  public static long millis(String time) {
    Matcher matcher = WRITTEN.matcher(time.strip());
    if (!matcher.matches()) {
      throw wrong(time);
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit(matcher.group(2)));
    } catch (ArithmeticException e) {
      throw wrong(time);
    }
  }

  private static IllegalArgumentException wrong(String time) {
    return new IllegalArgumentException(
        "\"" + time + "\" is not a time such as 90s, 5m, 2h, 3d or 1w");
  }

  /// Milliseconds in the largest unit of which they are a whole number.
  static String written(long millis) {
    String unit = UNITS.stream().filter(each -> millis % unit(each) == 0).findFirst().orElse("ms");
    return millis == 0 ? "0s" : millis / unit(unit) + unit;
  }

  private static long unit(String name) {
    return switch (name) {
      case "w" -> 604_800_000L;
      case "d" -> 86_400_000L;
      case "h" -> 3_600_000L;
      case "m" -> 60_000L;
      case "s" -> 1000L;
      default -> 1L;
    };
  }
}
