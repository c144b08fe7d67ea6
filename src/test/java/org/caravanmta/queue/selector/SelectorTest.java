package org.caravanmta.queue.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravanmta.address.Ascii;

/// Selectors mean what a plain filter over the same messages does, and read back as they were.
class SelectorTest {
  /// A message as a plain value.
  record Seen(Map<TextField, List<String>> texts, Map<NumberField, Long> numbers)
      implements Judged {
    @Override
    public Optional<List<String>> texts(TextField field) {
      return Optional.of(texts.getOrDefault(field, List.of()));
    }

    @Override
    public OptionalLong number(NumberField field) {
      return OptionalLong.of(numbers.get(field));
    }
  }

  /// A selector, and what it should mean.
  record Pair(Selector selector, Predicate<Seen> plain) {}

  private static final List<String> TEXTS =
      List.of(
          "a@example.org",
          "b.c@example.org",
          "A@Example.NET",
          "<>",
          "example.org",
          "sub.example.org",
          "[192.0.2.1]:25",
          "4.4.1 connect to mx.example[192.0.2.1]:25: Connection refused",
          "\uD83D\uDCEE@example.org",
          "with\u2003the blank\u2028of other scripts",
          "with \"quotes\" and \\ and (brackets)",
          "routing",
          "deferred.5m",
          "");

  private static final List<String> PATTERNS =
      List.of(
          "*", "*@example.org", "?@example.*", "*.org", "**a**", "deferred.*", "refused", "and");

  @Provide
  Arbitrary<Seen> messages() {
    Arbitrary<List<String>> some = Arbitraries.of(TEXTS).list().ofMinSize(0).ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.maps(Arbitraries.of(TextField.class), some),
            Arbitraries.longs().between(0, 200_000),
            Arbitraries.longs().between(0, 200_000),
            Arbitraries.longs().between(0, 5),
            Arbitraries.longs().between(0, 10))
        .as(
            (texts, age, detained, attempts, size) ->
                new Seen(
                    texts,
                    Map.of(
                        NumberField.AGE,
                        age,
                        NumberField.DETAINED,
                        detained,
                        NumberField.ATTEMPTS,
                        attempts,
                        NumberField.SIZE,
                        size)));
  }

  @Provide
  Arbitrary<Pair> pairs() {
    return Arbitraries.recursive(
        () -> Arbitraries.oneOf(texts(), numbers(), Arbitraries.just(all())), this::joined, 0, 4);
  }

  private static Pair all() {
    return new Pair(Selector.all(), _ -> true);
  }

  private Arbitrary<Pair> texts() {
    return Arbitraries.of(TextField.class)
        .flatMap(field -> patterns(field).map(pattern -> pair(field, pattern)));
  }

  /// Names of domains in their other form are compared in that of ASCII, and are tested apart.
  private static Arbitrary<String> patterns(TextField field) {
    return Arbitraries.oneOf(Arbitraries.of(TEXTS), Arbitraries.of(PATTERNS))
        .filter(pattern -> field != TextField.DOMAIN || Ascii.is(pattern));
  }

  private static Pair pair(TextField field, String pattern) {
    BiPredicate<String, String> fits =
        switch (field) {
          case REASON, FILTER, SUBJECT -> SelectorTest::findsIn;
          case ID -> SelectorTest::matchesExactly;
          default -> SelectorTest::matches;
        };
    return new Pair(
        Selector.Text.of(field, pattern),
        seen ->
            seen.texts().getOrDefault(field, List.of()).stream()
                .anyMatch(text -> fits.test(pattern, text)));
  }

  private Arbitrary<Pair> numbers() {
    return Combinators.combine(
            Arbitraries.of(NumberField.class),
            Arbitraries.of(Comparison.class),
            Arbitraries.longs().between(0, 100_000))
        .as(
            (field, comparison, value) ->
                new Pair(
                    new Selector.Numeric(field, comparison, value),
                    seen -> {
                      int sign = Long.compare(seen.numbers().get(field), value);
                      return switch (comparison) {
                        case BELOW -> sign < 0;
                        case AT_MOST -> sign <= 0;
                        case EQUAL -> sign == 0;
                        case AT_LEAST -> sign >= 0;
                        case ABOVE -> sign > 0;
                      };
                    }));
  }

  private Arbitrary<Pair> joined(Arbitrary<Pair> inner) {
    return Arbitraries.oneOf(
        inner.map(one -> new Pair(new Selector.Not(one.selector()), one.plain().negate())),
        inner
            .list()
            .ofMinSize(2)
            .ofMaxSize(4)
            .map(
                some ->
                    new Pair(
                        new Selector.And(some.stream().map(Pair::selector).toList()),
                        seen -> some.stream().allMatch(each -> each.plain().test(seen)))),
        inner
            .list()
            .ofMinSize(2)
            .ofMaxSize(4)
            .map(
                some ->
                    new Pair(
                        new Selector.Or(some.stream().map(Pair::selector).toList()),
                        seen -> some.stream().anyMatch(each -> each.plain().test(seen)))));
  }

  /// A pattern by the regular expressions of Java.
  private static Pattern expression(String glob) {
    String expression =
        glob.codePoints()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    return Pattern.compile(expression, Pattern.DOTALL);
  }

  private static boolean matches(String glob, String text) {
    return matchesExactly(glob.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
  }

  private static boolean matchesExactly(String glob, String text) {
    return expression(unescaped(glob)).matcher(text).matches();
  }

  private static boolean findsIn(String glob, String text) {
    return expression(unescaped(glob.toLowerCase(Locale.ROOT)))
        .matcher(text.toLowerCase(Locale.ROOT))
        .find();
  }

  /// The one text with backslashes has a blank after each, so that they stand for that blank.
  private static String unescaped(String glob) {
    return glob.replace("\\ ", " ");
  }

  @Property(tries = 3000)
  void aSelectorMeansWhatAPlainFilterDoes(
      @ForAll("pairs") Pair pair, @ForAll("messages") Seen seen) {
    assertThat(pair.selector().of(seen)).isEqualTo(Truth.of(pair.plain().test(seen)));
    assertThat(pair.selector().quick().of(seen)).isEqualTo(Truth.of(pair.plain().test(seen)));
  }

  @Property(tries = 2000)
  void whatIsWrittenIsReadBack(@ForAll("pairs") Pair pair, @ForAll("messages") Seen seen) {
    Selector read = SelectorReader.read(pair.selector().toString());
    assertThat(read).hasToString(pair.selector().toString());
    assertThat(read.of(seen)).isEqualTo(pair.selector().of(seen));
  }

  @Example
  void andBindsMoreThanOrAndNotMoreThanBoth() {
    assertThat(SelectorReader.read("id=a or id=b and not id=c or age<90s"))
        .hasToString("id=a or (id=b and not id=c) or age<90s");
    assertThat(SelectorReader.read(" NOT ( sender!=<> AND attempts != 3 )"))
        .hasToString("not (not sender=<> and not attempts=3)");
    assertThat(SelectorReader.read("age >= 3600s and size>10")).hasToString("age>=1h and size>10");
  }

  @Example
  void aMistakeIsNamedWithWhatWasExpected() {
    var wrong =
        List.of(
            List.of(
                "colour=red",
                "expected one of id, sender, recipient, domain, next-hop, transport, queue, reason,"
                    + " filter, client, subject, age, detained, attempts, size, found"
                    + " \"colour=red\""),
            List.of("age>soon", "expected a time such as 90s, 5m, 2h, 3d or 1w, found \"soon\""),
            List.of(
                "age>999999999999w",
                "expected a time such as 90s, 5m, 2h, 3d or 1w, found \"999999999999w\""),
            List.of("(domain=a", "expected ), found the end"),
            List.of("domain=a domain=b", "expected and, or or the end, found \"domain=b\""),
            List.of("domain=", "expected a value, found the end"),
            List.of("reason=\"x", "expected a value with a quote at its end, found \"\"x\""),
            List.of("sender<a", "expected = or !=, found \"<a\""),
            List.of(
                "attempts>=-1", "expected a number from 0 to 9223372036854775807, found \"-1\""),
            // 2^64 - 1, which could be taken for a number below zero: all mail is above it
            List.of(
                "size>18446744073709551615",
                "expected a number from 0 to 9223372036854775807, found \"18446744073709551615\""),
            List.of("", "expected one of id"));
    for (List<String> each : wrong) {
      assertThatThrownBy(() -> SelectorReader.read(each.getFirst()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(each.getLast());
    }
    assertThatThrownBy(() -> Age.millis("999999999999w"))
        .hasMessage("\"999999999999w\" is not a time such as 90s, 5m, 2h, 3d or 1w");
    assertThatThrownBy(() -> SelectorReader.read("(".repeat(5000)))
        .hasMessageContaining("more than 100 brackets");
  }

  @Example
  void whatCannotBeToldIsNeitherYesNorNo() {
    Judged unknown =
        new Judged() {
          @Override
          public Optional<List<String>> texts(TextField field) {
            return field == TextField.ID ? Optional.of(List.of("4A")) : Optional.empty();
          }

          @Override
          public OptionalLong number(NumberField field) {
            return OptionalLong.empty();
          }
        };
    Map.of(
            "domain=a", Truth.UNKNOWN,
            "not domain=a", Truth.UNKNOWN,
            "age>1s", Truth.UNKNOWN,
            "id=4A and domain=a", Truth.UNKNOWN,
            "id=4A or domain=a", Truth.YES,
            "id=4B and domain=a", Truth.NO,
            "not (id=4A or domain=a)", Truth.NO,
            "domain=a or id=4a or id=4b", Truth.UNKNOWN)
        .forEach(
            (text, truth) -> {
              assertThat(SelectorReader.read(text).of(unknown)).isEqualTo(truth);
              assertThat(SelectorReader.read(text).quick().of(unknown)).isEqualTo(truth);
            });
  }

  @Example
  void idsThatDifferInCaseAreDifferent() {
    var seen = new Seen(Map.of(TextField.ID, List.of("4zAb")), Map.of());
    Map.of(
            "id=4zab", Truth.NO,
            "id=4za*", Truth.NO,
            "id=4zA*", Truth.YES,
            "id=4zab or id=4zAb", Truth.YES,
            "id=4zab or id=4ZAB", Truth.NO)
        .forEach(
            (text, truth) -> {
              assertThat(SelectorReader.read(text).of(seen)).as(text).isEqualTo(truth);
              assertThat(SelectorReader.read(text).quick().of(seen)).as(text).isEqualTo(truth);
            });
  }

  @Example
  void aDomainIsTheSameInBothItsForms() {
    var seen = new Seen(Map.of(TextField.DOMAIN, List.of("mx.xn--bcher-kva.example")), Map.of());
    assertThat(SelectorReader.read("domain=*.bücher.example").of(seen)).isEqualTo(Truth.YES);
    assertThat(SelectorReader.read("domain=*.BÜCHER.example").of(seen)).isEqualTo(Truth.YES);
    assertThat(SelectorReader.read("domain=*.xn--bcher-kva.example").of(seen)).isEqualTo(Truth.YES);
    assertThat(SelectorReader.read("domain=bücher.example").of(seen)).isEqualTo(Truth.NO);
  }

  @Example
  void aPatternTakesNoLongerThanItMust() {
    // a backtracking matcher would need years
    assertThat(new Glob("*a".repeat(50) + "b").fits("a".repeat(5000))).isFalse();
    assertThat(new Glob("a\\*b").fits("a*b")).isTrue();
    assertThat(new Glob("a\\*b").fits("axb")).isFalse();
  }
}
