package org.caravanmta.delivery.remote;

import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.caravanmta.smtp.client.Peer;

/// Keys of the section `delivery.outgoing`: which addresses of the servers of a next hop are
/// called, and in which order.
///
/// @param randomize whether exchangers of the same preference are called in random order (RFC 5321
///   §5.1 asks for it; postfix `smtp_randomize_addresses`)
/// @param addressPreference the protocol whose addresses come first among servers of the same
///   preference (postfix `smtp_address_preference`)
/// @param protocols the protocols that are spoken; at least one (postfix `inet_protocols`)
public record AddressChoice(
    boolean randomize, Preference addressPreference, List<Family> protocols) {
  /// The choice of Postfix.
  public static final AddressChoice USUAL =
      new AddressChoice(true, Preference.ANY, List.of(Family.IPV6, Family.IPV4));

  /// A version of the Internet Protocol.
  public enum Family {
    IPV4,
    IPV6
  }

  /// Which addresses come first.
  public enum Preference {
    /// As it comes.
    ANY,
    IPV4,
    IPV6
  }

  public AddressChoice {
    protocols = List.copyOf(protocols);
    if (protocols.isEmpty() || new HashSet<>(protocols).size() < protocols.size()) {
      throw new IllegalArgumentException("protocols must be ipv4, ipv6 or both");
    }
  }

  /// Those of the servers that may be called, all of the same preference, in the order in which
  /// they are.
  List<Peer> ofEqualRank(List<Peer> peers, RandomGenerator random) {
    var called = new ArrayList<>(hosts(peers));
    if (randomize) {
      Collections.shuffle(called, random);
    }
    return preferred(called);
  }

  /// Those of one host's addresses that may be called, in the order of the DNS but for the
  /// preferred protocol.
  List<Peer> hosts(List<Peer> peers) {
    return preferred(peers.stream().filter(this::isSpoken).toList());
  }

  private List<Peer> preferred(List<Peer> peers) {
    if (addressPreference == Preference.ANY) {
      return peers;
    }
    boolean six = addressPreference == Preference.IPV6;
    var sorted = new ArrayList<>(peers);
    sorted.sort((a, b) -> Boolean.compare(isSix(b) == six, isSix(a) == six));
    return sorted;
  }

  private boolean isSpoken(Peer peer) {
    return peer.ip().isEmpty() || protocols.contains(isSix(peer) ? Family.IPV6 : Family.IPV4);
  }

  private static boolean isSix(Peer peer) {
    return peer.ip().filter(Inet6Address.class::isInstance).isPresent();
  }
}
