package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.caravanmta.smtp.client.Peer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which addresses of a next hop are tried: `6` stands for one of IPv6, `4` for one of IPv4.
class TriesTest {
  @ParameterizedTest
  @CsvSource({
    "5, true, 6666666666444, 66644",
    "5, true, 4444444444666, 44666",
    "5, true, 66666664, 66664",
    "5, true, 46666666, 46666",
    "5, true, 44444446, 44446",
    "5, true, 6446, 6446",
    "5, true, 4444444, 44444",
    "5, true, 6666666, 66666",
    "5, false, 66666664, 66666",
    "4, true, 66666444, 6644",
    "2, true, 6666664, 64",
    "1, true, 4666, 4",
    "0, true, 66666664444444, 66666664444444"
  })
  void bothProtocolsAreAmongThem(int limit, boolean balanced, String found, String chosen) {
    var tries = new Tries(limit, 2, balanced);
    assertThat(text(tries.choose(peers(found)))).isEqualTo(chosen);
  }

  /// What is not looked up any more would not have been tried.
  @Property
  void enoughIsEnough(
      @ForAll @IntRange(max = 4095) int families,
      @ForAll @IntRange(min = 1, max = 12) int length,
      @ForAll @IntRange(min = 2, max = 8) int limit) {
    String found =
        "%12s".formatted(Integer.toBinaryString(families)).replace(' ', '4').replace('1', '6');
    List<Peer> all = peers(found.replace('0', '4'));
    List<Peer> first = all.subList(0, length);
    var tries = new Tries(limit, 2, true);
    if (tries.enough(first)) {
      assertThat(tries.choose(all)).isEqualTo(tries.choose(first));
    }
    assertThat(tries.choose(all)).hasSize(Math.min(limit, all.size())).isSubsetOf(all);
  }

  private static List<Peer> peers(String families) {
    var at = new int[1];
    return families
        .chars()
        .mapToObj(family -> InetAddress.ofLiteral((family == '6' ? "fd00::" : "10.0.0.") + ++at[0]))
        .map(address -> new Peer("mx", new InetSocketAddress(address, 25)))
        .toList();
  }

  private static String text(List<Peer> peers) {
    return peers.stream()
        .map(peer -> peer.ip().orElseThrow().getAddress().length == 4 ? "4" : "6")
        .collect(Collectors.joining());
  }
}
