package org.caravanmta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
  @ParameterizedTest
  @ValueSource(strings = {"ANSI_X3.4-1968", "ISO-8859-1", "UTF-16", "", "no such encoding"})
  void whereFilesAreNotNamedInUtf8NothingIsDone(String names) {
    assertThat(Encoding.misread(names)).get().asString().contains("bin/caravan", "LC_ALL=C.UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "utf8"})
  void utf8HasItsNames(String names) {
    assertThat(Encoding.misread(names)).isEmpty();
  }

  @Test
  void anArgumentOfAnotherEncodingIsNamed() {
    assertThat(Encoding.notText(List.of("-f", "jos\u00e9@caravan.test", "\u4e16\u754c"))).isEmpty();
    assertThat(Encoding.notText(List.of("-f", "jos\uFFFD@caravan.test")))
        .hasValue("the argument jos\uFFFD@caravan.test is not UTF-8");
  }
}
