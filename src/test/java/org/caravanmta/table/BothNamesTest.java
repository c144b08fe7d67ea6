package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BothNamesTest {
  @ParameterizedTest
  @CsvSource({
    "u@b\u00fccher.example, u@xn--bcher-kva.example",
    "jos\u00e9@xn--bcher-kva.example, jos\u00e9@b\u00fccher.example",
    "@b\u00fccher.example, @xn--bcher-kva.example",
    ".b\u00fccher.example, .xn--bcher-kva.example",
    "@.b\u00fccher.example, @.xn--bcher-kva.example",
    "b\u00fccher.example, XN--BCHER-KVA.example",
    "\"a@b\"@b\u00fccher.example, \"a@b\"@xn--bcher-kva.example",
    "[b\u00fccher.example], [xn--bcher-kva.example]",
    "[b\u00fccher.example]:25, [xn--bcher-kva.example]:25",
    "b\u00fccher.example:submission, xn--bcher-kva.example:submission",
    "inet:b\u00fccher.example:24, inet:xn--bcher-kva.example:24"
  })
  void aTableKnowsADomainByEitherName(String one, String other) {
    assertThat(found(one, other)).isEqualTo(new Lookup.Found("x"));
    assertThat(found(other, one)).isEqualTo(new Lookup.Found("x"));
    assertThat(found(one, one)).isEqualTo(new Lookup.Found("x"));
    assertThat(found(one, "u@elsewhere.example")).isEqualTo(new Lookup.Absent());
  }

  @ParameterizedTest
  @CsvSource({"u@b\u00fccher.example", "u@xn--bcher-kva.example"})
  void aPatternMayBeOfEitherName(String asked) {
    Table ascii = Tables.open("regexp:{ {/@xn--bcher-kva\\.example$/ a} }");
    Table unicode = Tables.open("pcre:{ {/@b\u00fccher\\.example$/ u} }");
    assertThat(ascii.find(asked)).isEqualTo(new Lookup.Found("a"));
    assertThat(unicode.find(asked)).isEqualTo(new Lookup.Found("u"));
  }

  private static Lookup found(String entry, String asked) {
    return Tables.open("inline:{ {" + entry + " = x} }").find(asked);
  }
}
