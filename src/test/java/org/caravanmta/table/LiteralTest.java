package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^Subject:.*buy.now subject: subject:",
        "buy\\s+now buy ''",
        "a(b|c)defg*h def ''",
        "name=\"?[^\"]*\\.(exe|scr)\"? name= ''",
        "foo|(x)bar foo,bar ''",
        "[[:alpha:]]x{2}yz+ yz ''",
        "^^ab ab ''",
        "^a*bc bc ''",
      })
  void whatIsSureIsFound(String pattern, String anyOf, String first) {
    assertThat(Literal.of(pattern, ExpressionFlags.parse("", false)))
        .hasValue(new Literal(List.of(anyOf.split(",")), first, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a|.", "(?i)abc", "\\Qa.b\\E", "\\x41bc", "[\\]]abc", "a?", ".*", "(a|b)", "a{0}"})
  void whatIsNotSureIsNot(String pattern) {
    assertThat(Literal.of(pattern, ExpressionFlags.parse("", false))).isEmpty();
  }

  @Property(tries = 5000)
  void nothingIsMissed(
      @ForAll("patterns") String pattern,
      @ForAll("texts") String text,
      @ForAll boolean posix,
      @ForAll boolean sameCase) {
    var flags = ExpressionFlags.parse(sameCase ? "i" : "", posix);
    Expression expression;
    try {
      expression = Expression.of(pattern, posix, flags);
    } catch (IllegalArgumentException e) {
      return;
    }
    if (expression instanceof Expression.Prefiltered(Literal literal, Expression plain)) {
      Optional<List<String>> match = plain.find(text);
      assertThat(match.isEmpty() || literal.mayBeIn(text))
          .as("/%s/ in \"%s\", by %s", pattern, text, literal)
          .isTrue();
    }
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of(
            "a",
            "b",
            "K",
            "s",
            "\u017f",
            "\u00e4",
            "\\.",
            "\\d",
            "\\\\",
            ".",
            "^",
            "$",
            "|",
            "(",
            ")",
            "(?:",
            "[ab]",
            "[^a]",
            "[]a]",
            "[[:alpha:]]",
            "[\\d]",
            "*",
            "+",
            "?",
            "{1,2}",
            "{0}",
            "+?",
            "ab",
            "\ud83d\ude00")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a",
            "b",
            "A",
            "B",
            "k",
            "\u212a",
            "S",
            "\u017f",
            "\u00e4",
            "\u00c4",
            ".",
            "1",
            "\\",
            "{",
            "]",
            "\n",
            "\ud83d\ude00")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }
}
