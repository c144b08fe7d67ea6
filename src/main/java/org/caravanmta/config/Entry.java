package org.caravanmta.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What stands at one place of a settings file: a section of further keys, a text, or a list.
sealed interface Entry {
  Origin origin();

  /// The value as a message shows it, on one line.
  String shown();

  /// A file and line, or the command line.
  ///
  /// @param line counted from 1; 0 where there are no lines
  record Origin(String source, int line) {
    @Override
    public String toString() {
      return line == 0 ? source : source + ":" + line;
    }
  }

  record Section(Origin origin, Map<String, Entry> entries) implements Entry {
    @Override
    public String shown() {
      return "{" + String.join(", ", entries.keySet()) + "}";
    }
  }

  /// @param blank nothing at all follows the key, not even `""`
  record Text(Origin origin, String text, boolean blank) implements Entry {
    @Override
    public String shown() {
      return text.isEmpty() ? "\"\"" : text.lines().collect(Collectors.joining(" "));
    }
  }

  record Items(Origin origin, List<Entry> items) implements Entry {
    @Override
    public String shown() {
      return items.stream().map(Entry::shown).collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
