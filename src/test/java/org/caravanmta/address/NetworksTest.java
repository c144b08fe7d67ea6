package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "[2001:db8::]/32, 2001:db8:ffff::1, true",
    "[::1]/128, ::1, true",
    "127.0.0.0/8, ::ffff:127.0.0.1, true",
    "10.16.0.0/12, 10.31.255.255, true",
    "10.16.0.0/12, 10.32.0.0, false",
    "192.0.2.64/26, 192.0.2.127, true",
    "192.0.2.64/26, 192.0.2.192, false",
    "192.0.2.4/30, 192.0.2.8, false",
    "[2001:db8:8000::]/33, 2001:db8:ffff::1, true",
    "[2001:db8:8000::]/33, 2001:db8:7fff::1, false",
    "::ffff:127.0.0.0/104, 127.255.0.1, true",
    "::ffff:127.0.0.0/104, 126.0.0.1, false",
  })
  void knowsWhoIsInside(String network, String address, boolean inside) throws Exception {
    assertThat(Networks.of(List.of(network)).contains(InetAddress.getByName(address)))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.org",
        "192.0.2.1/24",
        "192.0.2.0/33",
        "192.0.2/24",
        "[::1]/129",
        "x",
        "/24",
        "10.16.0.0/11",
        "192.0.2.64/25",
        "::ffff:127.0.0.0/95",
        "::ffff:127.0.0.1/104",
      })
  void refusesWhatIsNoNetwork(String text) {
    assertThatThrownBy(() -> Networks.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.0/33 | has a prefix length outside 0 to 32",
        "[::]/129 | has a prefix length outside 0 to 128",
        "::ffff:127.0.0.0/95 | has a prefix length outside 96 to 128",
        "192.0.2.1/24 | has address bits after its prefix of 24",
        "::ffff:127.0.0.1/104 | has address bits after its prefix of 104",
      })
  void saysWhyItIsNoNetwork(String text, String why) {
    assertThatThrownBy(() -> Networks.of(List.of(text))).hasMessageEndingWith(why);
  }

  /// Who may say who the client is.
  @Test
  void nobodyPutsTheWholeInternetWhereClientsAreVouchedFor() {
    var halves = Networks.of(List.of("0.0.0.0/1", "128.0.0.0/1"));
    assertThatCode(() -> halves.notEverybody("networks.proxies")).doesNotThrowAnyException();
    for (String everybody : List.of("0.0.0.0/0", "::/0")) {
      var networks = Networks.of(List.of("192.0.2.1", everybody));
      assertThatThrownBy(() -> networks.notEverybody("networks.proxies"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("networks.proxies must not hold the whole internet");
    }
  }

  @Test
  void aFamilyIsNotTheOther() throws Exception {
    var network = Networks.Network.parse("192.0.2.0/24");
    assertThat(network.sameFamily(InetAddress.getByName("198.51.100.1"))).isTrue();
    assertThat(network.sameFamily(InetAddress.getByName("2001:db8::1"))).isFalse();
  }
}
