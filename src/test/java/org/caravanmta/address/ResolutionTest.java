package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolutionTest {
  private static final Resolution OURS = new Resolution(Set.of(new Domain("own.example")));

  /// What a stranger may not have us do.
  @ParameterizedTest
  @CsvSource({
    "joe%far.example@own.example, true",
    "far!joe@own.example, true",
    "\"joe@far.example\"@own.example, true",
    "joe+far=example@own.example, false",
    "joe@own.example, false",
  })
  void aLocalPartThatSaysWhereToSendOnIsSeen(String address, boolean routed) {
    assertThat(Resolution.routed(Address.parse(address))).isEqualTo(routed);
  }

  @ParameterizedTest
  @CsvSource({
    "joe%far.example@own.example, joe@far.example",
    "far.example!joe@own.example, joe@far.example",
    "far.example!a.example!joe@own.example, a.example!joe@far.example",
    "joe%a.example%far.example@own.example, joe%a.example@far.example",
    "joe%far.example@other.example, joe%far.example@other.example",
    "joe%own.example@own.example, joe@own.example",
    "\"@a.example:joe@far.example\"@own.example, joe@far.example",
  })
  void itIsFollowedInOurDomainsOnly(String address, String to) {
    assertThat(OURS.resolve(Address.parse(address))).map(Address::toString).hasValue(to);
  }

  @ParameterizedTest
  @CsvSource({"%far.example@own.example", "!joe@own.example", "joe%@own.example", "-f@own.example"})
  void nowhereIsNotAnAddress(String address) {
    assertThat(OURS.resolve(Address.parse(address))).isEmpty();
  }

  @Test
  void nobodysMailIsMailerDaemons() {
    assertThat(OURS.resolve(Address.of("", "own.example")))
        .isEqualTo(Optional.of(Address.of("MAILER-DAEMON", "own.example")));
    assertThat(OURS.resolve(Address.of("", "far.example")))
        .isEqualTo(Optional.of(Address.of("", "far.example")));
  }
}
