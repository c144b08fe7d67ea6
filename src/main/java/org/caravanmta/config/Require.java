package org.caravanmta.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Rules that many settings have in common. Each throws an `IllegalArgumentException` whose message
/// begins with the key; the {@link SettingsReader} adds file, line and section.
public final class Require {
  private Require() {}

  public static void positive(String key, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(key + " must be longer than 0s");
    }
  }

  public static void atLeast(long least, String key, long value) {
    if (value < least) {
      throw new IllegalArgumentException(key + " must be at least " + least);
    }
  }

  public static void atMost(Size most, String key, Size value) {
    if (value.bytes() > most.bytes()) {
      throw new IllegalArgumentException(key + " must be at most " + most);
    }
  }

  public static void notBlank(String key, String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(key + " must not be empty");
    }
  }

  /// Requires a number from 1 to `most`.
  public static void within(int most, String key, int value) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(key + " must be from 1 to " + most);
    }
  }

  /// Requires lines that can be read, each with a name of its own.
  ///
  /// @param name reads a line and returns its name, or says what was expected
  public static void named(String key, List<String> lines, Function<String, String> name) {
    var names = new HashSet<String>();
    for (String line : lines) {
      try {
        if (!names.add(name.apply(line))) {
          throw new IllegalArgumentException("each name only once");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(key + " must have " + e.getMessage(), e);
      }
    }
  }

  /// Requires every word to be one of those known.
  public static void known(String key, List<String> words, Set<String> known) {
    for (String word : words) {
      if (!known.contains(word)) {
        throw new IllegalArgumentException(
            key + " may contain only " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
