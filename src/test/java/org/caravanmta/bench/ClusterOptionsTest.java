package org.caravanmta.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterOptionsTest {
  @Test
  void aShortRunHasLessOfAllUnlessToldOtherwise() {
    assertThat(of()).extracting(ClusterOptions::nodes, ClusterOptions::percent).contains(3, 25);

    var brief = of("--rounds", "2", "--short");

    assertThat(brief.rounds()).isEqualTo(2);
    assertThat(brief.warmUp()).isLessThan(of().warmUp());
    assertThat(brief.load().messages()).isLessThan(of().load().messages());
  }

  @Test
  void eachNodeGetsAsMuchHoweverManyThereAre() {
    var options = of("--sessions", "20", "--size", "1k");

    assertThat(options.load().toEach(500, 1)).isEqualTo(new Load(500, 1024, 1, 20, false));
    assertThat(options.load().toEach(500, 3)).isEqualTo(new Load(1500, 1024, 1, 60, false));
  }

  @ParameterizedTest
  @CsvSource({
    "--nodes, 1, --nodes is 2 or 3",
    "--nodes, 4, --nodes is 2 or 3",
    "--limit, 5, --limit is from 10 to 100 percent of a processor",
    "--rounds, 0, at least one round",
    "--messages, 99, at least two messages for each session",
    "--copies, 2, there is no option --copies"
  })
  void whatCannotBeMeasuredIsRefusedInWords(String option, String value, String why) {
    assertThatThrownBy(() -> of(option, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static ClusterOptions of(String... words) {
    return ClusterOptions.of(words);
  }
}
