package org.caravanmta.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.caravanmta.config.Secret;
import org.caravanmta.config.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of a `broker.url` that may lose mail.
class BrokerChoiceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                               | false",
        "tcp://a:61616                                    | false",
        "tcp://a:61616?ha=true                            | false",
        "(tcp://a:61616,tcp://b:61616)?ha=true            | true",
        "(tcp://a:1,tcp://b:1,tcp://c:1,tcp://d:1)?ha=true | false"
      })
  void onePairCannotVote(String url, boolean warned) {
    var choice =
        new BrokerChoice(
            Optional.of(url).filter(text -> !text.isEmpty()),
            "",
            new Secret(""),
            "",
            List.of(),
            Size.parse("128MiB"),
            new StompSettings(Optional.empty(), "", new Secret("")));
    assertThat(choice.warnings().stream().anyMatch(line -> line.contains("cannot vote")))
        .isEqualTo(warned);
  }
}
