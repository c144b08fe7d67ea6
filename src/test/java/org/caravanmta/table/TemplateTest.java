package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The places of ldap_table(5) and pgsql_table(5).
class TemplateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%s | u@a.b.example | u@a.b.example",
        "mail=%u,dc=%2,dc=%1 | u@b.example | mail=u,dc=b,dc=example",
        "%3 | u@b.example | ",
        "%u | user | user",
        "%d | user | ",
        "%u | @b.example | ",
        "%d | @b.example | b.example",
        "100%% of %s | x | 100% of x",
      })
  void aKeyIsPutIntoAQuery(String template, String key, String text) {
    assertThat(new Template(template).query(Template.Parts.of(key), UnaryOperator.identity()))
        .isEqualTo(Optional.ofNullable(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%s | joe@x.example | joe@x.example",
        "smtp:[%s] | mx.example | smtp:[mx.example]",
        "%u@%D | joe@x.example | joe@b.example",
        "%s@%D | joe | joe@b.example",
        "%U+%u | joe@x.example | u+joe",
      })
  void aValueIsPutIntoAResult(String template, String value, String text) {
    assertThat(
            Template.joined(
                "t",
                new Template(template),
                Template.Parts.of("u@b.example"),
                List.of("", value),
                0))
        .isEqualTo(new Lookup.Found(text));
  }

  @Test
  void aKeyCanOnlyEverBeAValueOfAStatement() {
    var query =
        SqlQuery.parse("SELECT a FROM t WHERE m='%s' AND d = '%u at %d' AND x='it''s' AND n=%1");
    assertThat(query.statement())
        .isEqualTo("SELECT a FROM t WHERE m=? AND d = ? AND x='it''s' AND n=?");
    assertThat(query.with(Template.Parts.of("o'hara@b.example")))
        .contains(List.of("o'hara@b.example", "o'hara at b.example", "example"));
    assertThat(query.with(Template.Parts.of("bare"))).isEmpty();
    assertThat(SqlQuery.parse("SELECT '100%%' LIKE 'a'").parameters()).hasSize(1);
  }

  @Test
  void aPlaceThatStandsForNothingIsRefused() {
    assertThatThrownBy(() -> new Template("%x")).hasMessageContaining("expected %s, %u");
    assertThatThrownBy(() -> new Template("50%")).hasMessageContaining("expected %s, %u");
    assertThatThrownBy(() -> SqlQuery.parse("x='%s")).hasMessageContaining("quote");
  }

  @Test
  void moreValuesThanMayBeAreNoAnswer() {
    assertThat(
            Template.joined(
                "t", new Template("%s"), Template.Parts.of("k"), List.of("a", "b", "c"), 2))
        .isEqualTo(new Lookup.Unavailable("t: k has more than 2 values"));
  }
}
