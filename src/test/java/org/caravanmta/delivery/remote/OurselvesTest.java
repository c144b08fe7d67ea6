package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A listener at port 2525, as in a container, which others reach at port 25 of a gateway.
class OurselvesTest {
  private final Ourselves ourselves =
      new Ourselves(
          "mx.ex.example",
          List.of(new InetSocketAddress("0.0.0.0", 2525), new InetSocketAddress("192.0.2.9", 587)),
          Set.of(InetAddress.ofLiteral("203.0.113.7"), InetAddress.ofLiteral("2001:db8::7")));

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 2525, true",
    "127.0.0.1, 25, false", // another server of this machine, whose greeting will tell
    "198.51.100.1, 2525, false",
    "192.0.2.9, 587, true",
    "203.0.113.7, 25, true",
    "203.0.113.7, 2525, true",
    "203.0.113.7, 10025, false",
    "2001:db8:0::7, 25, true",
    "203.0.113.8, 25, false"
  })
  void anAddressIsOursByListenersAndByWhatLeadsToThem(String address, int port, boolean ours) {
    assertThat(ourselves.is(new InetSocketAddress(address, port))).isEqualTo(ours);
  }

  @ParameterizedTest
  @CsvSource({
    "MX.ex.example, 25, true",
    "mx.ex.example, 2525, true",
    "mx.ex.example, 587, true",
    "mx.ex.example, 10025, false", // a content filter beside us
    "mx2.ex.example, 25, false"
  })
  void aServerWithOurNameIsUsWhereMailIsTaken(String name, int port, boolean ours) {
    assertThat(ourselves.is(Set.of("esmtp", name), port)).isEqualTo(ours);
    assertThat(Ourselves.nobody("mx.ex.example").is(Set.of(name), port)).isFalse();
  }
}
