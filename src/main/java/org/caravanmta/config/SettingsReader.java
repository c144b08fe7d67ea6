package org.caravanmta.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.Entry.Items;
import org.caravanmta.config.Entry.Origin;
import org.caravanmta.config.Entry.Section;
import org.caravanmta.config.Entry.Text;

/// Reads the settings: the reference, over it the operator's file, over that each `--set`, over all
/// `--data`.
public final class SettingsReader {
  /// The reference file's name in messages, and in this package's resources.
  static final String REFERENCE = "caravan.yaml";

  private static final String SET = "--set";

  private final List<String> problems = new ArrayList<>();

  private SettingsReader() {}

  /// @param config the operator's file, if there is one
  /// @param sets `KEY=VALUE` each: a value for a list is YAML, `[one, two]`; any other is taken as
  ///   it stands
  /// @param data replaces `data.directory`
  /// @throws SettingsProblem names every mistake
  public static Settings read(Optional<Path> config, List<String> sets, Optional<Path> data)
      throws SettingsProblem {
    var reader = new SettingsReader();
    Section reference = reader.reference();
    var overlay = new Overlay(reference, reader.problems);
    Section all = reference;
    if (config.isPresent()) {
      all = overlay.lay(all, reader.file(config.get()));
    }
    for (String set : sets) {
      all = overlay.lay(all, reader.set(set, reference));
    }
    if (data.isPresent()) {
      var origin = new Origin("--data", 0);
      Entry directory = new Text(origin, data.get().toString(), false);
      all = overlay.lay(all, nested(origin, "data.directory", directory));
    }
    // bound even when something was wrong before: one run names all mistakes
    Optional<Settings> settings = new Binder(reader.problems).bind(Settings.class, all);
    if (!reader.problems.isEmpty()) {
      throw new SettingsProblem(reader.problems);
    }
    return settings.orElseThrow();
  }

  /// The text of the reference file.
  public static String referenceText() {
    try (InputStream in = SettingsReader.class.getResourceAsStream(REFERENCE)) {
      if (in == null) {
        throw new IllegalStateException(REFERENCE + " is missing from this installation");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Section reference() {
    return new Document(REFERENCE, true, problems).file(referenceText());
  }

  private Section file(Path path) {
    try {
      return new Document(path.toString(), true, problems).file(Files.readString(path));
    } catch (NoSuchFileException e) {
      problems.add(path + ": there is no such file");
    } catch (MalformedInputException e) {
      problems.add(path + ": not in UTF-8");
    } catch (IOException e) {
      problems.add(path + ": cannot be read: " + e);
    }
    return new Section(new Origin(path.toString(), 0), Map.of());
  }

  private Section set(String set, Section reference) {
    var origin = new Origin(SET, 0);
    int equals = set.indexOf('=');
    if (equals < 1) {
      problems.add(SET + ": " + set + ": KEY=VALUE was expected");
      return new Section(origin, Map.of());
    }
    String key = set.substring(0, equals).strip();
    String value = set.substring(equals + 1);
    Entry known = find(reference, key);
    if (known instanceof Section section) {
      problems.add(
          SET
              + ": "
              + key
              + ": one of its keys was expected: "
              + key
              + "."
              + String.join(", " + key + ".", section.entries().keySet()));
      return new Section(origin, Map.of());
    }
    int problemsBefore = problems.size();
    // only a list needs YAML: [mx.example.net]:587 is a value, but no YAML
    Entry entry =
        known instanceof Items
            ? new Document(SET + ": " + key, false, problems).entry(value)
            : new Text(origin, value, false);
    return problems.size() == problemsBefore
        ? nested(origin, key, renamed(entry, origin))
        : new Section(origin, Map.of());
  }

  private static Entry renamed(Entry entry, Origin origin) {
    return switch (entry) {
      case Text(_, String text, boolean blank) -> new Text(origin, text, blank);
      case Items(_, List<Entry> items) ->
          new Items(origin, items.stream().map(item -> renamed(item, origin)).toList());
      case Section(_, Map<String, Entry> entries) -> new Section(origin, entries);
    };
  }

  private static Entry find(Section reference, String key) {
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

  private static Section nested(Origin origin, String key, Entry value) {
    String[] parts = key.split("\\.", -1);
    Entry entry = value;
    for (int i = parts.length - 1; i >= 0; i--) {
      var around = new LinkedHashMap<String, Entry>();
      around.put(parts[i], entry);
      entry = new Section(origin, around);
    }
    return (Section) entry;
  }
}
