package org.caravanmta.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.config.Entry.Items;
import org.caravanmta.config.Entry.Section;
import org.caravanmta.config.Entry.Text;
import org.jspecify.annotations.Nullable;

/// Turns the entries of settings files into settings records: a component `sizeLimit` is bound from
/// the key `size-limit`, a record from a section, a list from a list, an `Optional` from a text
/// that may be empty, and everything else as its {@link Notation} says. The keys of a {@link Flat}
/// component are those of the section around it.
final class Binder {
  private final Notation notation;
  private final String reference;
  private final List<String> problems;

  /// @param reference what messages call the reference settings
  /// @param problems gets one line for each mistake that is found
  Binder(Notation notation, String reference, List<String> problems) {
    this.notation = notation;
    this.reference = reference;
    this.problems = problems;
  }

  /// The record; absent when a mistake was found in the section.
  <R extends Record> Optional<R> bind(Class<R> type, Section section) {
    return record(type, section, "").map(type::cast);
  }

  /// The key of a component: `sizeLimit` is `size-limit`.
  static String key(RecordComponent component) {
    return component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /// Whether a component stands for a key: {@link Places} do not.
  static boolean isKey(RecordComponent component) {
    return component.getType() != Places.class;
  }

  private Optional<Object> record(Class<?> type, Section section, String path) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    boolean whole = true;
    for (int i = 0; i < components.length; i++) {
      if (components[i].isAnnotationPresent(Flat.class)) {
        Optional<Object> part = record(components[i].getType(), section, path);
        whole &= part.isPresent();
        values[i] = part.orElse(null);
        continue;
      }
      if (!isKey(components[i])) {
        values[i] = places(section);
        continue;
      }
      String key = key(components[i]);
      Entry entry = section.entries().get(key);
      String here = path.isEmpty() ? key : path + "." + key;
      if (entry == null) {
        throw new IllegalStateException("the reference settings have no key " + here);
      }
      Optional<Object> value = value(components[i].getGenericType(), entry, here);
      whole &= value.isPresent();
      values[i] = value.orElse(null);
    }
    return whole ? construct(type, components, values, section, path) : Optional.empty();
  }

  private Places places(Section section) {
    return new Places(
        section,
        reference,
        (type, other, wrong) -> new Binder(notation, reference, wrong).bind(type, other));
  }

  private Optional<Object> construct(
      Class<?> type,
      RecordComponent[] components,
      @Nullable Object[] values,
      Section section,
      String path) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return Optional.of(type.getDeclaredConstructor(types).newInstance(values));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        refused(String.valueOf(refused.getMessage()), section, path);
        return Optional.empty();
      }
      throw new IllegalStateException(type + " cannot be made", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  /// Reports what a record's constructor has refused. Its message starts with the key that is
  /// wrong, which may be in a section below (`listeners.smtp.tls`); any other message is about the
  /// section as a whole.
  private void refused(String message, Section section, String path) {
    String first = message.split(" ", 2)[0];
    Places places = places(section);
    problems.add(
        places
            .value(
                first,
                path.isEmpty() ? first : path + "." + first,
                message.substring(first.length()).strip())
            .orElseGet(() -> places.any() + ": " + (path.isEmpty() ? "" : path + ": ") + message));
  }

  private Optional<Object> value(Type type, Entry entry, String path) {
    if (type instanceof ParameterizedType generic) {
      Class<?> argument = (Class<?>) generic.getActualTypeArguments()[0];
      return generic.getRawType() == List.class
          ? list(argument, entry, path).map(items -> (Object) items)
          : optional(argument, entry, path);
    }
    Class<?> plain = (Class<?>) type;
    if (notation.isSection(plain)) {
      return entry instanceof Section section
          ? record(plain, section, path)
          : wrong(entry, path, "a section was expected");
    }
    Class<?> boxed = boxed(plain);
    return notation
        .items(boxed)
        .map(form -> whole(form, entry, path).map(value -> (Object) value))
        .orElseGet(() -> text(boxed, entry, path));
  }

  private Optional<Object> optional(Class<?> type, Entry entry, String path) {
    if (entry instanceof Text(_, String text, _) && text.isEmpty()) {
      return Optional.of(Optional.empty());
    }
    return text(type, entry, path).map(Optional::of);
  }

  private <T> Optional<List<T>> list(Class<T> type, Entry entry, String path) {
    if (!(entry instanceof Items(_, List<Entry> items))) {
      wrong(entry, path, "a list such as [one, two] was expected");
      return Optional.empty();
    }
    var values = new ArrayList<T>();
    for (Entry item : items) {
      text(type, item, path).ifPresent(value -> values.add(type.cast(value)));
    }
    return values.size() == items.size() ? Optional.of(List.copyOf(values)) : Optional.empty();
  }

  /// A value that is written as a list. Each item is also read alone, so that a message names the
  /// item that is wrong and its line.
  private <T> Optional<T> whole(ValueForm.OfItems<T> form, Entry entry, String path) {
    Optional<List<String>> texts = list(String.class, entry, path);
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    boolean whole = true;
    for (Entry item : ((Items) entry).items()) {
      try {
        var _ = form.read().apply(List.of(((Text) item).text()));
      } catch (IllegalArgumentException e) {
        problems.add(item.origin() + ": " + path + ": " + e.getMessage());
        whole = false;
      }
    }
    return whole ? Optional.of(form.read().apply(texts.get())) : Optional.empty();
  }

  private Optional<Object> text(Class<?> type, Entry entry, String path) {
    ValueForm.OfText<?> form = notation.text(type);
    if (!(entry instanceof Text(_, String text, boolean blank))) {
      String quotes =
          entry instanceof Items && type != Integer.class
              ? " (in quotes, if it starts with [)"
              : "";
      return wrong(entry, path, form.wasExpected() + quotes);
    }
    boolean mayBeBlank = type == String.class || type == Secret.class || form.saysWhy();
    if (blank && !mayBeBlank) {
      return wrong(entry, path, form.wasExpected());
    }
    try {
      return Optional.of(form.value(text));
    } catch (IllegalArgumentException e) {
      if (form.saysWhy()) {
        problems.add(entry.origin() + ": " + path + ": " + e.getMessage());
        return Optional.empty();
      }
      return wrong(entry, path, String.valueOf(e.getMessage()));
    }
  }

  private Optional<Object> wrong(Entry entry, String path, String expected) {
    problems.add(entry.origin() + ": " + path + ": " + entry.shown() + ": " + expected);
    return Optional.empty();
  }

  private static Class<?> boxed(Class<?> type) {
    if (type == int.class) {
      return Integer.class;
    }
    return type == boolean.class ? Boolean.class : type;
  }
}
