package org.caravanmta.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// How a value of one type is written in a settings file: how it is read, how it is written back,
/// and what is expected of it in the operator's words.
public sealed interface ValueForm<T> {
  Class<T> type();

  /// One text.
  ///
  /// @param read throws an `IllegalArgumentException` for what is not such a value
  /// @param expected completes "… was expected"
  /// @param saysWhy whether what `read` throws says what is wrong, better than `expected`
  record OfText<T>(
      Class<T> type,
      Function<String, T> read,
      Function<T, String> write,
      String expected,
      boolean saysWhy)
      implements ValueForm<T> {
    /// @throws IllegalArgumentException says what is wrong
    T value(String text) {
      try {
        return read.apply(text);
      } catch (IllegalArgumentException e) {
        throw saysWhy ? e : new IllegalArgumentException(wasExpected(), e);
      }
    }

    String wasExpected() {
      return expected + " was expected";
    }
  }

  /// A list of texts that together are one value.
  ///
  /// @param read throws an `IllegalArgumentException` that says what is wrong, also when it is
  ///   given one item alone
  record OfItems<T>(Class<T> type, Function<List<String>, T> read, Function<T, List<String>> write)
      implements ValueForm<T> {}

  static <T> ValueForm<T> of(
      Class<T> type, Function<String, T> read, Function<T, String> write, String expected) {
    return new OfText<>(type, read, write, expected, false);
  }

  /// What is wrong with a value is said in the words of `read`.
  static <T> ValueForm<T> saying(
      Class<T> type, Function<String, T> read, Function<T, String> write, String expected) {
    return new OfText<>(type, read, write, expected, true);
  }

  static <T> ValueForm<T> ofItems(
      Class<T> type, Function<List<String>, T> read, Function<T, List<String>> write) {
    return new OfItems<>(type, read, write);
  }

  /// `OWN_MACHINE` is written `own-machine`.
  static <E extends Enum<E>> ValueForm<E> choice(Class<E> type) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E value : type.getEnumConstants()) {
      words.put(word(value), value);
    }
    String all = String.join(", ", words.keySet());
    int last = all.lastIndexOf(", ");
    return of(
        type,
        text ->
            Optional.ofNullable(words.get(text.toLowerCase(Locale.ROOT)))
                .orElseThrow(IllegalArgumentException::new),
        ValueForm::word,
        last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
