package org.caravanmta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the operator says of the greeting and of the reply to EHLO.
class GreetingWordsTest {
  @ParameterizedTest
  @CsvSource({
    "$myhostname ESMTP $mail_name, mx.a.example ESMTP Caravan",
    "$(myhostname) ${mydomain} $$1, mx.a.example a.example $1",
    "$myhostname, mx.a.example",
  })
  void aBannerHasNames(String template, String text) {
    assertThat(new Banner(template).text("mx.a.example")).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ESMTP", "$mydomain", "$myhostnames", "$myhostname $x", "$myhostname $"})
  void aBannerStartsWithTheHostAndHasNoOtherNames(String template) {
    assertThatThrownBy(() -> new Banner(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("banner ");
  }

  @Test
  void aBannerIsALine() {
    String start = "$myhostname ";
    String longest = start + "x".repeat(250 - start.length());
    assertThat(new Banner(longest).template()).hasSize(250);
    assertThat(new Banner(start + "~").text("a")).isEqualTo("a ~");
    for (String other : List.of(longest + "x", start + "\u007f", start + "\u001f", start + "ü")) {
      assertThatThrownBy(() -> new Banner(other)).hasMessageContaining("banner must be one line");
    }
  }

  @Test
  void keywordsAreExtensionsInAnyCase() {
    EhloKeywords keywords = EhloKeywords.of(List.of("chunking", "Dsn", "8bitmime", "requireTLS"));
    assertThat(keywords)
        .isEqualTo(
            new EhloKeywords(
                Set.of(
                    Extension.DSN,
                    Extension.CHUNKING,
                    Extension.EIGHTBITMIME,
                    Extension.REQUIRETLS),
                false));
    assertThat(keywords).hasToString("8BITMIME DSN CHUNKING REQUIRETLS");
    assertThat(EhloKeywords.of(List.of("silent-discard")).silent()).isTrue();
    assertThatThrownBy(() -> EhloKeywords.of(List.of("dsn", "dns")))
        .hasMessageStartingWith("\"dns\", which is not one of pipelining, size, vrfy, ")
        .hasMessageEndingWith(", limits, silent-discard");
  }

  @Test
  void anOfferBeginsWithItsKeyword() {
    assertThat(Extension.offered("SIZE 1000")).hasValue(Extension.SIZE);
    assertThat(Extension.offered("8bitmime")).hasValue(Extension.EIGHTBITMIME);
    assertThat(Extension.offered("SIZES 1")).isEmpty();
    assertThat(Extension.offered(" SIZE")).isEmpty();
  }
}
