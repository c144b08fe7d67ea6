package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayNameTest {
  @ParameterizedTest
  @CsvSource({
    "'', joe@a.example",
    "Joe User, Joe User <joe@a.example>",
    "Joe Q. User, \"Joe Q. User\" <joe@a.example>",
    "'a \"b\" \\c', '\"a \\\"b\\\" \\\\c\" <joe@a.example>'",
    "Jörg Müller, =?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <joe@a.example>",
    "=?x?=, =?utf-8?Q?=3D=3Fx=3F=3D?= <joe@a.example>"
  })
  void isWrittenSoThatItIsNothingElse(String name, String field) {
    assertThat(DisplayName.before("joe@a.example", name)).isEqualTo(field);
  }

  @Test
  void aLongNameIsSeveralWordsOnSeveralLines() {
    assertThat(DisplayName.before("joe@a.example", "ü".repeat(40)).split("\r\n "))
        .hasSizeGreaterThan(1)
        .allMatch(word -> word.matches("=\\?utf-8\\?Q\\?(=C3=BC)+\\?=( <joe@a.example>)?"))
        .allMatch(word -> word.split(" ")[0].length() <= 75);
  }

  @Property(tries = 300)
  void noNameBreaksItsField(@ForAll String name) {
    assertThat(Headers.Field.of("From", DisplayName.before("joe@a.example", name)).text())
        .endsWith(
            "joe@a.example" + (name.replaceAll("[\\p{Cntrl}\\s]+", " ").isBlank() ? "" : ">"));
  }
}
