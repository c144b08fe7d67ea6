package org.caravanmta.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.Entry.Origin;
import org.caravanmta.config.Entry.Section;
import org.caravanmta.config.Entry.Text;

/// Reads settings into a record: the defaults of the reference settings, then the operator's file,
/// then each `--set`, and last an option of its own. What comes later takes precedence.
///
/// @param <T> the record, with a component for each key of the reference
public final class SettingsReader<T extends Record> {
  private static final String SET = "--set";

  private final Class<T> type;
  private final Reference reference;
  private final Notation notation;

  public SettingsReader(Class<T> type, Reference reference, Notation notation) {
    this.type = type;
    this.reference = reference;
    this.notation = notation;
  }

  /// The reference settings: a file with every key and its default.
  ///
  /// @param name what messages call it
  public record Reference(String name, String text) {}

  /// A value that an option of its own sets, such as `--data`.
  ///
  /// @param option what messages call it
  /// @param key of the setting, as `data.directory`
  public record Option(String option, String key, String value) {}

  /// Reads the settings.
  ///
  /// @param file the operator's; absent for the defaults alone
  /// @param sets each a `KEY=VALUE`: a value for a list is YAML, `[one, two]`; any other value is
  ///   taken as it is
  /// @throws SettingsProblem names every mistake
  public T read(Optional<Path> file, List<String> sets, Optional<Option> option)
      throws SettingsProblem {
    var problems = new ArrayList<String>();
    var sources = new Sources(problems);
    Section defaults = new Document(reference.name(), true, problems).file(reference.text());
    var overlay = new Overlay(defaults, problems);
    Section all = defaults;
    if (file.isPresent()) {
      all = overlay.lay(all, sources.file(file.get()));
    }
    for (String set : sets) {
      all = overlay.lay(all, sources.set(set, defaults));
    }
    if (option.isPresent()) {
      all = overlay.lay(all, sources.option(option.get()));
    }
    // bound even when mistakes have been found already, so that one run names all of them
    Optional<T> settings = new Binder(notation, reference.name(), problems).bind(type, all);
    if (!problems.isEmpty()) {
      throw new SettingsProblem(problems);
    }
    return settings.orElseThrow();
  }

  /// Reads what the operator gives into entries.
  private record Sources(List<String> problems) {
    Section file(Path path) {
      try {
        return new Document(path.toString(), true, problems).file(Files.readString(path));
      } catch (IOException e) {
        problems.add(path + ": " + FileTrouble.of(e));
      }
      return new Section(new Origin(path.toString(), 0), Map.of());
    }

    Section set(String set, Section reference) {
      return new Assignments(SET, reference, problems).read(set);
    }

    Section option(Option given) {
      var origin = new Origin(given.option(), 0);
      return Assignments.nested(origin, given.key(), new Text(origin, given.value(), false));
    }
  }
}
