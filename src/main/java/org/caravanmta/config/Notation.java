package org.caravanmta.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the values of a settings file are written: a {@link ValueForm} for each Java type. Enums,
/// texts, numbers, truth values, durations, paths, {@link Size} and {@link Secret} have their forms
/// here; other types get theirs from the caller. A record without a form is a section.
public final class Notation {
  /// Nine digits, so that even weeks fit a `Duration` in milliseconds.
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");

  private final Map<Class<?>, ValueForm<?>> forms = new HashMap<>();

  /// @param forms those of further types; they take the place of a form here for the same type
  public Notation(List<ValueForm<?>> forms) {
    add(ValueForm.of(String.class, text -> text, text -> text, "a text"));
    add(ValueForm.of(Secret.class, Secret::new, Secret::toString, "a text"));
    add(ValueForm.of(Integer.class, Integer::valueOf, String::valueOf, "a whole number"));
    add(ValueForm.of(Boolean.class, Notation::truth, String::valueOf, "true or false"));
    add(
        ValueForm.of(
            Duration.class,
            Notation::duration,
            Notation::write,
            "a duration such as 90s, 5m, 2h or 5d"));
    add(
        ValueForm.of(
            Size.class, Size::parse, Size::toString, "a size such as 65536, 64KiB or 10MiB"));
    add(ValueForm.of(Path.class, Notation::path, Path::toString, "a path"));
    forms.forEach(this::add);
  }

  private void add(ValueForm<?> form) {
    forms.put(form.type(), form);
  }

  /// Whether a type is a section of the file rather than one value in it.
  boolean isSection(Class<?> type) {
    return type.isRecord() && !forms.containsKey(type);
  }

  /// The form of a type whose values are written as lists; absent for other types.
  <T> Optional<ValueForm.OfItems<T>> items(Class<T> type) {
    return form(type) instanceof ValueForm.OfItems<T> items ? Optional.of(items) : Optional.empty();
  }

  /// A value as a file would have it; a list has commas between its items.
  <T> String write(Class<T> type, T value) {
    return switch (form(type)) {
      case ValueForm.OfText<T> one -> one.write().apply(value);
      case ValueForm.OfItems<T> items -> String.join(",", items.write().apply(value));
    };
  }

  /// A value of any type as a file would have it: an absent one is empty, and a list has commas
  /// between its items.
  String written(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(this::written).orElse("");
      case List<?> list -> list.stream().map(this::written).collect(Collectors.joining(","));
      // paths come in classes of their own, and so may constants of an enum
      case Path path -> write(Path.class, path);
      case Enum<?> constant -> written(constant.getDeclaringClass(), constant);
      default -> written(value.getClass(), value);
    };
  }

  @SuppressWarnings("unchecked")
  private <T> String written(Class<?> type, T value) {
    return write((Class<T>) type, value);
  }

  /// The form of a type whose values are written as one text.
  ///
  /// @throws IllegalStateException if settings cannot have this type, or write it as a list
  <T> ValueForm.OfText<T> text(Class<T> type) {
    if (form(type) instanceof ValueForm.OfText<T> text) {
      return text;
    }
    throw new IllegalStateException(type.getName() + " is written as a list");
  }

  @SuppressWarnings("unchecked")
  private <T> ValueForm<T> form(Class<T> type) {
    var form = (ValueForm<T>) forms.get(type);
    if (form != null) {
      return form;
    }
    if (type.isEnum()) {
      return (ValueForm<T>) choice(type);
    }
    throw new IllegalStateException("settings have no notation for " + type.getName());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ValueForm<?> choice(Class<?> type) {
    return ValueForm.choice((Class<? extends Enum>) type);
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /// A duration such as `90s`, `5m` or `2h`.
  ///
  /// @throws IllegalArgumentException if it is not one
  public static Duration duration(String text) {
    var form = DURATION.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(text);
    }
    long count = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofDays(7 * count);
    };
  }

  /// A duration in the largest unit that divides it, from milliseconds to days.
  private static String write(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86400 != 0 ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("empty");
    }
    return Path.of(text);
  }
}
