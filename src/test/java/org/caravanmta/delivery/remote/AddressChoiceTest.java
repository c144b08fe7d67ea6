package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.caravanmta.delivery.remote.AddressChoice.Family;
import org.caravanmta.delivery.remote.AddressChoice.Preference;
import org.caravanmta.smtp.client.Peer;
import org.junit.jupiter.api.Test;

class AddressChoiceTest {
  private static final List<Family> BOTH = List.of(Family.IPV4, Family.IPV6);
  private static final List<Peer> PEERS =
      Stream.of("192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2")
          .map(ip -> new Peer("mx", new InetSocketAddress(InetAddress.ofLiteral(ip), 25)))
          .toList();

  private final Random random = new Random(1);

  @Test
  void equalServersComeInEveryOrderUnlessTheOperatorSaysOtherwise() {
    var orders = new HashSet<List<Peer>>();
    IntStream.range(0, 500)
        .forEach(_ -> orders.add(AddressChoice.USUAL.ofEqualRank(PEERS, random)));
    assertThat(orders).hasSize(24);
    assertThat(new AddressChoice(false, Preference.ANY, BOTH).ofEqualRank(PEERS, random))
        .isEqualTo(PEERS);
  }

  @Test
  void thePreferredProtocolComesFirst() {
    for (Preference preference : List.of(Preference.IPV4, Preference.IPV6)) {
      var choice = new AddressChoice(true, preference, BOTH);
      assertThat(choice.ofEqualRank(PEERS, random))
          .hasSize(4)
          .extracting(peer -> peer.toString().contains("2001"))
          .isEqualTo(
              preference == Preference.IPV6
                  ? List.of(true, true, false, false)
                  : List.of(false, false, true, true));
    }
    assertThat(new AddressChoice(true, Preference.IPV6, BOTH).hosts(PEERS))
        .containsExactly(PEERS.get(1), PEERS.get(3), PEERS.get(0), PEERS.get(2));
  }

  @Test
  void aProtocolThatIsNotSpokenIsNotCalled() {
    var four = new AddressChoice(false, Preference.IPV6, List.of(Family.IPV4));
    assertThat(four.hosts(PEERS)).containsExactly(PEERS.get(0), PEERS.get(2));
    assertThatThrownBy(() -> new AddressChoice(true, Preference.ANY, List.of()))
        .hasMessage("protocols must be ipv4, ipv6 or both");
    assertThatThrownBy(
            () -> new AddressChoice(true, Preference.ANY, List.of(Family.IPV4, Family.IPV4)))
        .hasMessage("protocols must be ipv4, ipv6 or both");
  }
}
