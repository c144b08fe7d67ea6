package org.caravanmta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.caravanmta.address.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is taken for the address of MAIL and RCPT (RFC 5321 §4.1.2), and what an operator may
/// forbid or allow besides.
class PathsTest {
  private static final Grammar.Paths STRICT = new Grammar.Paths(true, false, false);
  private static final Grammar.Paths LENIENT = new Grammar.Paths(false, true, true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<ann@a.example> | ann@a.example | ann@a.example",
        "<Az09.a-b_c+d@A-z0.Example> | Az09.a-b_c+d@A-z0.Example | Az09.a-b_c+d@A-z0.Example",
        "<ann> | ann@our.example | ann",
        "ann@a.example | ann@a.example | ann@a.example",
        "Ann Lee <ann@a.example> | ann@a.example | ann@a.example",
        "<ann@a.example> (Ann) | ann@a.example | ann@a.example",
        "(a (b) c) <ann@a.example> | ann@a.example | ann@a.example",
        "<<ann@a.example>> | ann@a.example | ann@a.example",
        "team: ann@a.example; | ann@a.example | ann@a.example",
        "<ann@a.example>; | ann@a.example | ann@a.example",
        "<@b.example:ann@a.example> | ann@a.example | ann@a.example",
        "<ann@a.example.> | ann@a.example | ann@a.example.",
        "<ann@b@a.example> | \"ann@b\"@a.example | \"ann@b\"@a.example",
        "<\"ann\"@a.example> | ann@a.example | ann@a.example",
        "<ann@[IPv6:2001:db8::1]> | ann@[IPv6:2001:db8::1] | ann@[IPv6:2001:db8::1]",
        "<a.b.c@a.example> | a.b.c@a.example | a.b.c@a.example",
      })
  void anAddressIsFound(String text, String address, String given) {
    assertThat(read(text, Grammar.Paths.USUAL)).hasToString(address + " " + given);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<>", "\"\"", "<\"\">", "< >", "<@a.example:>"})
  void thereMayBeNone(String text) {
    assertThat(parser(Grammar.Paths.USUAL).read(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<ann@a.example",
        "<<ann@a.example>",
        "<ann@a.example> bob",
        "<ann@a.example> <b@c.example>",
        "x: <ann@a.example>",
        "<ann@a..example>",
        "<ann@a.example..>",
        "<ann@192.0.2.1>",
        "<ann@1.2>",
        "<ann@[IPv6:192.0.2.1]>",
        "<ann@[2001:db8::1]>",
        "<ann@[192.0.2.300]>",
        "<-ann@a.example>",
        "<\"-ann\"@a.example>",
        "<ann bob@a.example>",
        "<ann@a b>",
        "<ann@>",
        "<ann;@a.example>",
        "<\"a\u0001b\"@a.example>",
        "<ann@a.example,b@c.example>",
      })
  void whatIsNotOneIsRefused(String text) {
    PathParser parser = parser(Grammar.Paths.USUAL);
    assertThatThrownBy(() -> parser.read(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@a.example",
        "<ann@a.example> x",
        "Ann <ann@a.example>",
        "<ann@a.example (Ann)>",
        "<@a.example>",
      })
  void aStrictServerWantsAPathAlone(String text) {
    PathParser strict = parser(STRICT);
    assertThatThrownBy(() -> strict.read(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStrictServerTakesWhatIsAPath() {
    assertThat(read("<ann@a.example>", STRICT)).hasToString("ann@a.example ann@a.example");
    assertThat(read("<ann>", STRICT)).hasToString("ann@our.example ann");
    assertThat(parser(STRICT).read("<>")).isEmpty();
  }

  /// Postfix: `resolve_null_domain`, `resolve_numeric_domain`.
  @Test
  void anOperatorMayTakeADomainThatIsMissingOrANumber() {
    assertThat(read("<ann@>", LENIENT)).hasToString("ann@our.example ann@our.example");
    assertThat(read("<ann@192.0.2.1>", LENIENT)).hasToString("ann@[192.0.2.1] ann@192.0.2.1");
    PathParser lenient = parser(LENIENT);
    assertThatThrownBy(() -> lenient.read("<ann@192.0.2>"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String read(String text, Grammar.Paths paths) {
    PathParser.Path path = parser(paths).read(text).orElseThrow();
    return path.address() + " " + path.given();
  }

  private static PathParser parser(Grammar.Paths paths) {
    Grammar usual = Grammar.of(new Domain("our.example"));
    return new PathParser(
        new Grammar(usual.origin(), paths, usual.forbidden(), usual.ignored(), usual.verps()));
  }
}
