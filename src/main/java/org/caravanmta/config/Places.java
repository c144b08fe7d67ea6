package org.caravanmta.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.caravanmta.config.Entry.Items;
import org.caravanmta.config.Entry.Origin;
import org.caravanmta.config.Entry.Section;
import org.caravanmta.config.Entry.Text;
import org.jspecify.annotations.Nullable;

/// The places where settings were given: files and lines, with which a mistake is reported. A
/// settings record may have a component of this type, which is not a key, and is filled in when the
/// record is bound.
public final class Places {
  private final Section settings;
  private final String reference;
  private final Binding binding;

  /// @param reference what messages call the reference settings, whose lines are not the operator's
  /// @param binding makes records of sections
  Places(Section settings, String reference, Binding binding) {
    this.settings = settings;
    this.reference = reference;
    this.binding = binding;
  }

  /// Makes a record of a section.
  @FunctionalInterface
  interface Binding {
    /// @param problems takes what is wrong
    /// @return absent when something is wrong
    Optional<? extends Record> bind(
        Class<? extends Record> type, Section section, List<String> problems);
  }

  /// A section with other values for some of its keys, as a line of the settings gives them
  /// (postfix `master.cf`, `-o`).
  ///
  /// @param key of the section
  /// @param changes each a `KEY=VALUE`, with a key below the section
  /// @throws IllegalArgumentException names what is wrong with the changes
  public <T extends Record> T changed(String key, Class<T> type, List<String> changes) {
    Found found = find(key);
    if (found == null || !(found.entry() instanceof Section section)) {
      throw new IllegalArgumentException("there is no section " + key);
    }
    var problems = new ArrayList<String>();
    var overlay = new Overlay(section, problems);
    var assignments = new Assignments("-o", section, problems);
    Section laid = section;
    for (String change : changes) {
      laid = overlay.lay(laid, assignments.read(change));
    }
    Optional<? extends Record> bound = binding.bind(type, laid, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return type.cast(bound.orElseThrow());
  }

  /// What is wrong with a setting, found when it was used: `FILE:LINE: KEY: VALUE: PROBLEM`, or
  /// without a value for a section. A problem of a file or table that the setting names is said as
  /// by {@link #naming}.
  public String of(WrongSetting wrong) {
    String problem = wrong.getMessage();
    String key = wrong.key();
    Found found = find(key);
    if (found == null) {
      return key + ": " + problem;
    }
    return naming(leaves(found.entry(), key), problem)
        .orElseGet(
            () ->
                found.entry() instanceof Section section
                    ? given(section).orElse(section.origin()) + ": " + key + ": " + problem
                    : said(found, key, problem));
  }

  /// What is wrong with the value of a key of this section.
  ///
  /// @param key below this section, as `smtp.tls`
  /// @param whole what messages call it, as `listeners.smtp.tls`
  /// @return absent when there is no such key
  Optional<String> value(String key, String whole, String problem) {
    return Optional.ofNullable(find(key)).map(found -> said(found, whole, problem));
  }

  private String said(Found found, String key, String problem) {
    return origin(found) + ": " + key + ": " + found.entry().shown() + ": " + problem;
  }

  /// When the wrong value is a default, the mistake is in what the operator has set next to it.
  private Origin origin(Found found) {
    Origin own = found.entry().origin();
    return isDefault(own) ? given(found.around()).orElse(own) : own;
  }

  /// @param around the section that it is in
  private record Found(Section around, Entry entry) {}

  private @Nullable Found find(String key) {
    Section around = settings;
    Entry entry = settings;
    for (String part : key.split("\\.", -1)) {
      around = entry instanceof Section section ? section : around;
      entry = around.entries().get(part);
      if (entry == null) {
        return null;
      }
    }
    return new Found(around, entry);
  }

  /// Adds the place where the operator names a table or file, `FILE:LINE: KEY: NAME…`, to a line
  /// about it that begins with its name; any other line stays as it is.
  public String naming(String line) {
    return naming(leaves(settings, ""), line).orElse(line);
  }

  private Optional<String> naming(Stream<Leaf> among, String line) {
    return among
        .filter(leaf -> !isDefault(leaf.entry().origin()) && begins(line, leaf.entry()))
        .findFirst()
        .map(leaf -> leaf.entry().origin() + ": " + leaf.key() + ": " + line);
  }

  private static boolean begins(String line, Entry entry) {
    String name = entry instanceof Text text ? text.text() : "";
    boolean ofFileOrTable = name.contains("/") || name.contains(":");
    return ofFileOrTable
        && line.startsWith(name)
        && (line.length() == name.length() || ":, ".indexOf(line.charAt(name.length())) >= 0);
  }

  /// Where the operator has set something in this section, the last place if there are several;
  /// else where the section is.
  Origin any() {
    return given(settings).orElse(settings.origin());
  }

  private Optional<Origin> given(Section section) {
    return leaves(section, "")
        .map(leaf -> leaf.entry().origin())
        .filter(Predicate.not(this::isDefault))
        .reduce((_, second) -> second);
  }

  private boolean isDefault(Origin origin) {
    return origin.source().equals(reference);
  }

  /// A value, or one of a list, with its key.
  private record Leaf(String key, Entry entry) {}

  private static Stream<Leaf> leaves(Entry entry, String key) {
    return switch (entry) {
      case Section section ->
          section.entries().entrySet().stream()
              .flatMap(
                  below ->
                      leaves(
                          below.getValue(),
                          key.isEmpty() ? below.getKey() : key + "." + below.getKey()));
      case Items list when list.items().isEmpty() -> Stream.of(new Leaf(key, list));
      case Items(_, var items) -> items.stream().map(item -> new Leaf(key, item));
      case Text text -> Stream.of(new Leaf(key, text));
    };
  }
}
