package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdnTest {
  @ParameterizedTest
  @CsvSource({
    "b\u00fccher.example, xn--bcher-kva.example",
    "B\u00dcCHER.Example, XN--Bcher-kva.EXAMPLE",
    "bu\u0308cher.example, xn--bcher-kva.example",
    "gr\u00fc\u00dfe.example, xn--gre-6ka8l.example",
    "\u4f8b\u5b50.\u6d4b\u8bd5, xn--fsqu00a.xn--0zwm56d",
    "mx.\u043f\u0440\u0438\u043c\u0435\u0440.example, mx.xn--e1afmkfd.example",
    "Example.ORG, example.org"
  })
  void bothNamesAreOneDomain(String one, String other) {
    assertThat(new Domain(one)).isEqualTo(new Domain(other)).hasSameHashCodeAs(new Domain(other));
    assertThat(new Domain(one).key()).isEqualTo(new Domain(other).key()).isASCII();
  }

  /// A label that the rules do not take at all, as anybody may write it after an `@`.
  @ParameterizedTest
  @ValueSource(ints = {300, 1_001, 5_000})
  void aVeryLongNameIsNoMoreThanALongName(int length) {
    String name = "\u00e4".repeat(length) + ".Example";

    assertThat(new Domain(name).key()).endsWith(".example");
    assertThat(new Domain(name)).isEqualTo(new Domain(name));
    assertThat(new Domain("xn--" + "a".repeat(length))).isNotEqualTo(new Domain(name));
  }

  @Test
  void likeIsNotTheSame() {
    // a letter of its own since IDNA 2008, which the older rules took for ss
    assertThat(new Domain("gr\u00fc\u00dfe.example"))
        .isNotEqualTo(new Domain("gr\u00fcsse.example"));
    assertThat(new Domain("b\u00fccher.example")).isNotEqualTo(new Domain("bucher.example"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org",
        "xn--\u00fc.example",
        "xn--zzzzzzzz9.example",
        "a..b",
        ".",
        "[192.0.2.1]"
      })
  void whatHasNoOtherNameStaysAsItIs(String name) {
    assertThat(Idn.other(name)).isEmpty();
    assertThat(new Domain(name)).isEqualTo(new Domain(name));
  }

  @Test
  void theOtherNameIsFoundBothWays() {
    assertThat(Idn.other("b\u00fccher.example")).hasValue("xn--bcher-kva.example");
    assertThat(Idn.other("xn--bcher-kva.example")).hasValue("b\u00fccher.example");
    assertThat(Idn.other("XN--BCHER-KVA.example")).hasValue("b\u00fccher.example");
  }

  @Test
  void atAGlanceOnlyWhatIsOneWordMayHaveTwoNames() {
    assertThat(Idn.mayHaveTwo("b\u00fccher.example", 0)).isTrue();
    assertThat(Idn.mayHaveTwo("mx.xn--bcher-kva.example", 0)).isTrue();
    assertThat(Idn.mayHaveTwo("box.example", 0)).isFalse();
    assertThat(Idn.mayHaveTwo("a\u007f.example", 0)).isFalse();
    assertThat(Idn.mayHaveTwo("b\u00fccher example", 0)).isFalse();
    assertThat(Idn.mayHaveTwo("IPv6:\u00fc", 0)).isFalse();
    assertThat(Idn.mayHaveTwo("a b@b\u00fccher.example", 4)).isTrue();
    assertThat(Idn.mayHaveTwo("\u00fc".repeat(255), 0)).isTrue();
    assertThat(Idn.mayHaveTwo("\u00fc".repeat(256), 0)).isFalse();
    assertThat(Idn.mayHaveTwo("x".repeat(200) + "@" + "\u00fc".repeat(200), 201)).isTrue();
  }
}
