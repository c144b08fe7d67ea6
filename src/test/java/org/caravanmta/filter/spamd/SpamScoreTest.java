package org.caravanmta.filter.spamd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The line in which spamd says its score.
class SpamScoreTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Spam: True ; 15.2 / 5.0  | true  | 15.2
          spam:yes;15.2/5          | true  | 15.2
          Spam: True ; 15,2 / 5,0  | true  | 15.2
          Spam: False ; -1.5 / 5.0 | false | -1.5
          Spam: No ; +1 / 5.0      | false | 1
          """)
  void isRead(String line, boolean spam, double score) {
    assertThat(SpamScore.of(line)).contains(new SpamScore(spam, score, 5.0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Spam: Maybe ; 1 / 5",
        "Spam: True ; nan / 5",
        "Spam: True ; 1e3 / 5",
        "Spam: True ; 1.2.3 / 5",
        "Spam: True ; 1.234,5 / 5",
        "Spam: True"
      })
  void isNotOne(String line) {
    assertThat(SpamScore.of(line)).isEqualTo(Optional.empty());
  }
}
