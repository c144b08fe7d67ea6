package org.caravanmta.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// How values of one Java type are written in a settings file: how they are read, how they are
/// written back, and what a message tells the operator to write.
public sealed interface ValueForm<T> {
  Class<T> type();

  /// A value that is written as one text.
  ///
  /// @param read throws an `IllegalArgumentException` for a text that is not such a value
  /// @param expected completes "… was expected"
  /// @param saysWhy whether the operator is shown the message of `read`'s exception instead of
  ///   `expected`
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

  /// A value that is written as a list of texts.
  ///
  /// @param read throws an `IllegalArgumentException` that says what is wrong, also when it gets
  ///   one item alone
  record OfItems<T>(Class<T> type, Function<List<String>, T> read, Function<T, List<String>> write)
      implements ValueForm<T> {}

  /// A value that is written as one text; of a wrong one the operator reads "`expected` was
  /// expected".
  static <T> ValueForm<T> of(
      Class<T> type, Function<String, T> read, Function<T, String> write, String expected) {
    return new OfText<>(type, read, write, expected, false);
  }

  /// A value that is written as one text; of a wrong one the operator reads the message of `read`'s
  /// exception.
  static <T> ValueForm<T> saying(
      Class<T> type, Function<String, T> read, Function<T, String> write, String expected) {
    return new OfText<>(type, read, write, expected, true);
  }

  /// A value that is written as a list of texts.
  static <T> ValueForm<T> ofItems(
      Class<T> type, Function<List<String>, T> read, Function<T, List<String>> write) {
    return new OfItems<>(type, read, write);
  }

  /// One of an enum's constants: `OWN_MACHINE` is written `own-machine`.
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
