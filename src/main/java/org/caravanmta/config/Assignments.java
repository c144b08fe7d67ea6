package org.caravanmta.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.caravanmta.config.Entry.Items;
import org.caravanmta.config.Entry.Origin;
import org.caravanmta.config.Entry.Section;
import org.caravanmta.config.Entry.Text;

/// Reads `KEY=VALUE`, by which an option sets one value.
///
/// @param option what messages call it: `--set`
/// @param reference has every key that there is
/// @param problems takes what is wrong
record Assignments(String option, Section reference, List<String> problems) {
  /// The key and its value as a section to lay over others; an empty one when it is wrong.
  Section read(String text) {
    var origin = new Origin(option, 0);
    int equals = text.indexOf('=');
    if (equals < 1) {
      problems.add(option + ": " + text + ": KEY=VALUE was expected");
      return new Section(origin, Map.of());
    }
    String key = text.substring(0, equals).strip();
    String value = text.substring(equals + 1);
    Entry known = find(key);
    if (known instanceof Section section) {
      problems.add(
          option
              + ": "
              + key
              + ": one of its keys was expected: "
              + key
              + "."
              + String.join(", " + key + ".", section.entries().keySet()));
      return new Section(origin, Map.of());
    }
    int problemsBefore = problems.size();
    // only a list is read as YAML: [mx.example.net]:587 is a value, but not YAML
    Entry entry =
        known instanceof Items
            ? new Document(option + ": " + key, false, problems).entry(value)
            : new Text(origin, value, false);
    return problems.size() == problemsBefore
        ? nested(origin, key, renamed(entry, origin))
        : new Section(origin, Map.of());
  }

  /// A value with the sections around it.
  static Section nested(Origin origin, String key, Entry value) {
    String[] parts = key.split("\\.", -1);
    Entry entry = value;
    for (int i = parts.length - 1; i >= 0; i--) {
      var around = new LinkedHashMap<String, Entry>();
      around.put(parts[i], entry);
      entry = new Section(origin, around);
    }
    return (Section) entry;
  }

  private static Entry renamed(Entry entry, Origin origin) {
    return switch (entry) {
      case Text(_, String text, boolean blank) -> new Text(origin, text, blank);
      case Items(_, List<Entry> items) ->
          new Items(origin, items.stream().map(item -> renamed(item, origin)).toList());
      case Section(_, Map<String, Entry> entries) -> new Section(origin, entries);
    };
  }

  private Entry find(String key) {
    Entry here = reference;
    for (String part : key.split("\\.", -1)) {
      Entry below = here instanceof Section section ? section.entries().get(part) : null;
      if (below == null) {
        return new Text(reference.origin(), "", true);
      }
      here = below;
    }
    return here;
  }
}
