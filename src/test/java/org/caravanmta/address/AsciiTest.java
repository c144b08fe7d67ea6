package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class AsciiTest {
  @Test
  void onlyAToZHaveTwoCases() {
    assertThat(Ascii.upper("aZ[`{zıſ\u212aäß")).isEqualTo("AZ[`{Zıſ\u212aäß");
    assertThat(Ascii.lower("AZ[`{zİK\u212aÄ")).isEqualTo("az[`{zİk\u212aÄ");
  }

  @Test
  void wordsAreTheSameInAnyCaseOfTheirs() {
    assertThat(Ascii.same("sIzE", "Size")).isTrue();
    assertThat(Ascii.same("ſize", "size")).isFalse();
    assertThat(Ascii.same("sıze", "SIZE")).isFalse();
    assertThat(Ascii.same("size=", "size")).isFalse();
    assertThat(Ascii.begins("utf-8;x", "UTF-8;")).isTrue();
    assertThat(Ascii.begins("utf", "UTF-8;")).isFalse();
    assertThat(Ascii.at("[ipv6:::1]", 1, "IPv6:")).isTrue();
    assertThat(Ascii.at("x", 1, "IPv6:")).isFalse();
    assertThat(Ascii.at("[IPv6", 3, "IPv6:")).isFalse();
    // the characters that lie 32 apart without being letters
    assertThat(Ascii.same("@[\\]^", "`{|}~")).isFalse();
  }

  @Test
  void asciiEndsAt127() {
    assertThat(Ascii.is("a\u007f")).isTrue();
    assertThat(Ascii.is("a\u0080")).isFalse();
  }

  @Test
  void whatHasNoLettersOfThatCaseStaysAsItIs() {
    assertThat(Ascii.lower("quit 1")).isEqualTo("quit 1");
    assertThat(Ascii.upper("QUIT 1")).isEqualTo("QUIT 1");
  }

  @Test
  void theLocaleMeansNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.of("tr", "TR"));
      assertThat(Ascii.upper("mail")).isEqualTo("MAIL");
      assertThat(Ascii.lower("QUIT")).isEqualTo("quit");
    } finally {
      Locale.setDefault(before);
    }
  }
}
