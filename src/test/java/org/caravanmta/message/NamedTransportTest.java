package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedTransportTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "smtp:[192.0.2.1]:25",
        "smtp:",
        "lmtp:unix:/run/lmtp",
        "error:5.1.1 gone",
        "camel:https://ann:secret@hooks.example/mail?key=RAW(secret too)"
      })
  void theOperatorsWayIsKeptWholeAndShownWithoutPasswords(String written) {
    var way = NamedTransport.parse(written, "");
    NamedTransport rerouted = NamedTransport.rerouted(way);

    assertThat(rerouted.instead()).contains(way);
    assertThat(way.kept()).isEqualTo(written);
    assertThat(rerouted.toString()).doesNotContain("secret");
  }
}
