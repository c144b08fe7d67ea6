package org.caravanmta.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.Entry.Items;
import org.caravanmta.config.Entry.Section;
import org.caravanmta.config.Entry.Text;

/// Puts what the operator has set in place of the defaults. The reference settings have every key:
/// any other key is a mistake, and the message suggests the most similar one.
final class Overlay {
  private final Section reference;
  private final List<String> problems;

  Overlay(Section reference, List<String> problems) {
    this.reference = reference;
    this.problems = problems;
  }

  /// The settings `before`, with those of `over` in their place. A list replaces the whole list.
  Section lay(Section before, Section over) {
    return lay(before, over, "");
  }

  private Section lay(Section before, Section over, String path) {
    var entries = new LinkedHashMap<>(before.entries());
    over.entries()
        .forEach(
            (key, entry) -> {
              String here = path.isEmpty() ? key : path + "." + key;
              Entry known = before.entries().get(key);
              if (known == null) {
                problems.add(
                    entry.origin() + ": " + here + ": unknown key" + nearest(key, before, path));
              } else {
                entries.put(key, lay(known, entry, here));
              }
            });
    return new Section(before.origin(), entries);
  }

  private Entry lay(Entry known, Entry over, String here) {
    if (!(known instanceof Section section)) {
      return over;
    }
    return switch (over) {
      case Section keys -> lay(section, keys, here);
      case Text(_, _, boolean blank) when blank -> section;
      case Text _, Items _ -> {
        problems.add(
            over.origin()
                + ": "
                + here
                + ": "
                + over.shown()
                + ": a section was expected, with the keys "
                + String.join(", ", section.entries().keySet()));
        yield section;
      }
    };
  }

  private String nearest(String key, Section siblings, String path) {
    String prefix = path.isEmpty() ? "" : path + ".";
    Optional<String> sibling =
        siblings.entries().keySet().stream()
            .filter(known -> distance(key, known) <= Math.max(1, known.length() / 3))
            .min(Comparator.comparingInt(known -> distance(key, known)))
            .map(known -> prefix + known);
    return sibling
        .or(() -> elsewhere(key, reference, ""))
        .map(known -> "; did you mean " + known + "?")
        .orElse("; known here are " + String.join(", ", siblings.entries().keySet()));
  }

  /// The same key in another section: who writes `relayhost` at the top means `delivery.relayhost`.
  private static Optional<String> elsewhere(String key, Section section, String path) {
    for (Map.Entry<String, Entry> entry : section.entries().entrySet()) {
      String here = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      if (entry.getKey().equals(key)) {
        return Optional.of(here);
      }
      if (entry.getValue() instanceof Section below) {
        Optional<String> found = elsewhere(key, below, here);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /// How many letters must be added, dropped or changed to turn one word into the other
  /// (Levenshtein).
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
