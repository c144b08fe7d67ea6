package org.caravanmta.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a settings file has in one place: a section of further keys, a text, or a list.
sealed interface Entry {
  Origin origin();

  /// What nobody is to read in a log: the values of `token=` and `password=` within a text.
  Pattern SECRET = Pattern.compile("(?i)\\b(token|password)=[^\\s,}&;]+");

  /// The value as a message shows it, on one line.
  String shown();

  /// Where an entry was given: a line of a file, or a command-line option.
  ///
  /// @param source the file, or the option
  /// @param line counted from 1; 0 for an option
  record Origin(String source, int line) {
    @Override
    public String toString() {
      return line == 0 ? source : source + ":" + line;
    }
  }

  /// Further keys and what they stand for.
  record Section(Origin origin, Map<String, Entry> entries) implements Entry {
    @Override
    public String shown() {
      return "{" + String.join(", ", entries.keySet()) + "}";
    }
  }

  /// A value written as one text.
  ///
  /// @param text the value without quotes; empty when it is blank
  /// @param blank whether nothing at all follows the key, not even `""`
  record Text(Origin origin, String text, boolean blank) implements Entry {
    @Override
    public String shown() {
      return text.isEmpty()
          ? "\"\""
          : SECRET.matcher(text.lines().collect(Collectors.joining(" "))).replaceAll("$1=...");
    }
  }

  /// A list.
  record Items(Origin origin, List<Entry> items) implements Entry {
    @Override
    public String shown() {
      return items.stream().map(Entry::shown).collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
