package org.caravanmta.queue.selector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads a {@link Selector} as operators write it:
///
/// ```
/// domain=*.example.org and (age>=2h or attempts>3) and not sender=<>
/// ```
///
/// `not` binds more than `and`, and `and` more than `or`. A value with blanks or brackets in it
/// stands in quotes, in which `\"` is a quote and `\\` a backslash.
public final class SelectorReader {
  /// Brackets and `not` within each other, more than anybody writes.
  private static final int DEEPEST = 100;

  private final String text;
  private int at;
  private int depth;

  private SelectorReader(String text) {
    this.text = text;
  }

  /// The selector of a text.
  ///
  /// @throws IllegalArgumentException says where the text is wrong, and what was expected
  public static Selector read(String text) {
    var reader = new SelectorReader(text);
    Selector selector = reader.either();
    reader.blanks();
    if (reader.at < text.length()) {
      throw reader.wrong("and, or or the end");
    }
    return selector;
  }

  private Selector either() {
    return joined("or", this::both, Selector.Or::new);
  }

  private Selector both() {
    return joined("and", this::one, Selector.And::new);
  }

  private interface Part {
    Selector read();
  }

  private Selector joined(String word, Part part, Function<List<Selector>, Selector> all) {
    var parts = new ArrayList<Selector>();
    do {
      parts.add(part.read());
    } while (word(word));
    return parts.size() == 1 ? parts.getFirst() : all.apply(parts);
  }

  private Selector one() {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("more than " + DEEPEST + " brackets within each other");
    }
    try {
      if (word("not")) {
        return new Selector.Not(one());
      }
      if (mark("(")) {
        Selector inner = either();
        if (!mark(")")) {
          throw wrong(")");
        }
        return inner;
      }
      return word("all") ? Selector.all() : test();
    } finally {
      depth--;
    }
  }

  private Selector test() {
    blanks();
    int from = at;
    String name = name();
    Optional<TextField> text =
        Arrays.stream(TextField.values()).filter(each -> each.word().equals(name)).findFirst();
    Optional<NumberField> number =
        Arrays.stream(NumberField.values()).filter(each -> each.word().equals(name)).findFirst();
    if (text.isEmpty() && number.isEmpty()) {
      at = from;
      throw wrong("one of " + fields());
    }
    boolean not = mark("!=");
    if (text.isPresent()) {
      if (!not && !mark("=")) {
        throw wrong("= or !=");
      }
      Selector test = Selector.Text.of(text.get(), value());
      return not ? new Selector.Not(test) : test;
    }
    Comparison comparison = not ? Comparison.EQUAL : comparison();
    Selector test = new Selector.Numeric(number.orElseThrow(), comparison, number(number.get()));
    return not ? new Selector.Not(test) : test;
  }

  private Comparison comparison() {
    return Stream.of(
            Comparison.AT_MOST,
            Comparison.AT_LEAST,
            Comparison.BELOW,
            Comparison.ABOVE,
            Comparison.EQUAL)
        .filter(each -> mark(each.mark()))
        .findFirst()
        .orElseThrow(() -> wrong("<, <=, =, != , >= or >"));
  }

  private long number(NumberField field) {
    blanks();
    int from = at;
    String value = value();
    try {
      return field.isTime() ? Age.millis(value) : count(value);
    } catch (IllegalArgumentException e) {
      at = from;
      throw wrong(
          field.isTime()
              ? "a time such as 90s, 5m, 2h, 3d or 1w"
              : "a number from 0 to " + Long.MAX_VALUE);
    }
  }

  private static long count(String value) {
    long count = Long.parseLong(value);
    if (count < 0) {
      throw new NumberFormatException(value);
    }
    return count;
  }

  private String value() {
    blanks();
    if (at < text.length() && text.charAt(at) == '"') {
      var value = new StringBuilder();
      for (int i = at + 1; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"') {
          at = i + 1;
          return value.toString();
        }
        boolean escapes =
            c == '\\' && i + 1 < text.length() && "\"\\".indexOf(text.charAt(i + 1)) >= 0;
        value.append(escapes ? text.charAt(++i) : c);
      }
      throw wrong("a value with a quote at its end");
    }
    int from = at;
    while (at < text.length()
        && !Character.isWhitespace(text.charAt(at))
        && ")".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == from) {
      throw wrong("a value");
    }
    return text.substring(from, at);
  }

  private String name() {
    int from = at;
    while (at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '-')) {
      at++;
    }
    return text.substring(from, at).toLowerCase(Locale.ROOT);
  }

  private boolean word(String word) {
    blanks();
    int end = at + word.length();
    boolean here =
        text.regionMatches(true, at, word, 0, word.length())
            && (end == text.length()
                || Character.isWhitespace(text.charAt(end))
                || "()".indexOf(text.charAt(end)) >= 0);
    at = here ? end : at;
    return here;
  }

  private boolean mark(String mark) {
    blanks();
    boolean here = text.startsWith(mark, at);
    at += here ? mark.length() : 0;
    return here;
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private static String fields() {
    return Stream.concat(
            Arrays.stream(TextField.values()).map(TextField::word),
            Arrays.stream(NumberField.values()).map(NumberField::word))
        .collect(Collectors.joining(", "));
  }

  private IllegalArgumentException wrong(String expected) {
    String rest = at < text.length() ? "\"" + text.substring(at) + "\"" : "the end";
    return new IllegalArgumentException(
        "the selector \"" + text + "\": expected " + expected + ", found " + rest);
  }
}
