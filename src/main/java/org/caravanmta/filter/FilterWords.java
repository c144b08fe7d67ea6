package org.caravanmta.filter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.hooks.HooksSerialization;

/// A content filter as a route's step names it: `milter inet:127.0.0.1:8891`, with options after
/// it, `milter inet:127.0.0.1:8891 default_action=accept`, or all of it in braces as Postfix writes
/// it, `milter { inet:127.0.0.1:8891, connect_timeout=10s, default_action=accept }` (postfix
/// `MILTER_README`). Several places, with commas between them, are servers that do the same.
///
/// @param kind the first word
/// @param places where the filter is: one, or several that do the same
/// @param options by their names, with `-` between words
record FilterWords(String written, Kind kind, List<String> places, Map<String, String> options) {
  /// The kinds of filter there are.
  enum Kind {
    MILTER(),
    CLAMD(),
    SPAMD("mode", "user", "reject-score", "size-limit"),
    RSPAMD("password", "settings-id", "spam-header"),
    ICAP(),
    HTTP("token", "stages", "serialization"),
    SMTP(),
    PIPE(),
    QUEUE("size-limit");

    private final Set<String> options;

    Kind(String... options) {
      this.options = Set.of(options);
    }

    /// Those that other kinds do not have.
    Set<String> options() {
      return options;
    }

    static Optional<Kind> of(String word) {
      for (Kind kind : values()) {
        if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The options that every kind has.
  private static final Set<String> COMMON =
      Set.of("default-action", "connect-timeout", "command-timeout", "content-timeout");

  /// What the log does not show.
  private static final Pattern SECRET = Pattern.compile("(?i)\\b(token|password)=[^\\s,}]+");

  private static final Pattern OPTION = Pattern.compile("([a-zA-Z][a-zA-Z_-]*)=(.*)");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

  FilterWords {
    places = List.copyOf(places);
    options = Map.copyOf(options);
  }

  /// Reads a step; empty if it is not that of a filter.
  ///
  /// @throws IllegalArgumentException says what is wrong with it
  static Optional<FilterWords> read(String written) {
    String[] parts = written.strip().split("\\s+", 2);
    Optional<Kind> kind = Kind.of(parts[0]);
    if (kind.isEmpty() || parts.length == 1) {
      return Optional.empty();
    }
    var places = new ArrayList<String>();
    var options = new LinkedHashMap<String, String>();
    for (String word : unbraced(parts[1], written).split("[\\s,]+")) {
      var option = OPTION.matcher(word);
      if (option.matches()) {
        String name = option.group(1).toLowerCase(Locale.ROOT).replace('_', '-');
        if (options.put(name, option.group(2)) != null) {
          throw wrong(written, name + " is given twice");
        }
      } else if (!word.isEmpty()) {
        places.add(word);
      }
    }
    if (places.isEmpty()) {
      throw wrong(written, "expected where the filter is after " + kind.get());
    }
    return Optional.of(new FilterWords(written, kind.get(), places, options));
  }

  private static String unbraced(String text, String written) {
    String inside = text.strip();
    if (inside.startsWith("{") != inside.endsWith("}")) {
      throw wrong(written, "a brace without its partner");
    }
    return inside.startsWith("{") ? inside.substring(1, inside.length() - 1).strip() : inside;
  }

  /// The step as the log, the queue and fields of messages show it.
  String shown() {
    return shown(written);
  }

  static String shown(String written) {
    return SECRET.matcher(written).replaceAll("$1=...");
  }

  /// Something for each place, in their order.
  ///
  /// @param making throws an {@link IllegalArgumentException} that says what was expected
  <T> Map<String, T> each(Function<String, T> making) {
    var made = new LinkedHashMap<String, T>();
    for (String place : places) {
      if (made.containsKey(place)) {
        throw wrong("expected each place once, found " + place + " twice");
      }
      made.put(place, making.apply(place));
    }
    return made;
  }

  /// The one place of a filter that has one.
  String place() {
    if (places.size() != 1) {
      throw wrong("expected one place, found " + String.join(" ", places));
    }
    return places.getFirst();
  }

  /// Refuses options that the kind does not have.
  ///
  /// @param own those besides the common ones
  FilterWords only(Set<String> own) {
    for (String name : options.keySet()) {
      if (!COMMON.contains(name) && !own.contains(name)) {
        var all = new ArrayList<>(COMMON);
        all.addAll(own);
        all.sort(null);
        throw wrong("expected one of " + String.join(", ", all) + ", found " + name);
      }
    }
    return this;
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /// How long the filter is waited for.
  FilterPatience patience(FilterPatience usual) {
    return new FilterPatience(
        duration("connect-timeout").orElse(usual.connect()),
        duration("command-timeout").orElse(usual.command()),
        duration("content-timeout").orElse(usual.content()));
  }

  private Optional<Duration> duration(String name) {
    return option(name)
        .map(
            text -> {
              var matcher = DURATION.matcher(text);
              if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
                throw wrong(name + ": expected a time such as 10s, found \"" + text + "\"");
              }
              long number = Long.parseLong(matcher.group(1));
              return switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
              };
            });
  }

  /// What stands in for its answer.
  DefaultAction action(DefaultAction usual) {
    return option("default-action").map(text -> pick(DefaultAction.class, text)).orElse(usual);
  }

  /// The one that is spoken with a service that speaks MTA Hooks; absent for whichever it wants.
  Optional<HooksSerialization> serialization() {
    return option("serialization").map(text -> pick(HooksSerialization.class, text));
  }

  /// The value of an option that is one of some words.
  <E extends Enum<E>> E pick(Class<E> values, String text) {
    var names = new ArrayList<String>();
    for (E value : values.getEnumConstants()) {
      String name = value.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return value;
      }
      names.add(name);
    }
    throw wrong("expected one of " + String.join(", ", names) + ", found \"" + text + "\"");
  }

  IllegalArgumentException wrong(String why) {
    return wrong(written, why);
  }

  private static IllegalArgumentException wrong(String written, String why) {
    return new IllegalArgumentException("\"" + shown(written) + "\": " + why);
  }
}
