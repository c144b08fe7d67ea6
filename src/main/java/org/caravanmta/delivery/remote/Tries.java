package org.caravanmta.delivery.remote;

import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.smtp.client.Peer;

/// The limits to how many servers of one next hop an attempt tries (RFC 5321 §5.1 asks for at least
/// two).
///
/// @param addressLimit the most addresses that are connected to (postfix `smtp_mx_address_limit`);
///   0 for all
/// @param sessionLimit the most servers that a message is offered to (postfix
///   `smtp_mx_session_limit`); 0 for any number
/// @param balanceProtocols whether addresses of both IPv6 and IPv4 are tried, if there are both:
///   one of the protocols may be out of reach altogether (postfix `smtp_balance_inet_protocols`)
public record Tries(int addressLimit, int sessionLimit, boolean balanceProtocols) {
  /// The limits of Postfix.
  public static final Tries USUAL = new Tries(5, 2, true);

  public Tries {
    notNegative("address-limit", addressLimit);
    notNegative("session-limit", sessionLimit);
  }

  private static void notNegative(String key, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(key + " must not be negative");
    }
  }

  private int addresses() {
    return addressLimit == 0 ? Integer.MAX_VALUE : addressLimit;
  }

  int sessions() {
    return sessionLimit == 0 ? Integer.MAX_VALUE : sessionLimit;
  }

  /// Those of the servers that are tried, in the same order.
  List<Peer> choose(List<Peer> peers) {
    int limit = addresses();
    if (peers.size() <= limit) {
      return peers;
    }
    if (!balanceProtocols) {
      return peers.subList(0, limit);
    }
    int six = (int) peers.stream().filter(Tries::six).count();
    int four = peers.size() - six;
    int most = limit - limit / 2;
    int sixes = Math.min(six, Math.max(most, limit - four));
    int fours = limit - sixes;
    if (four > 0 && six > 0 && fours == 0) {
      fours = 1; // when the limit is one, the first server is tried, of either protocol
    }
    var chosen = new ArrayList<Peer>();
    for (Peer peer : peers) {
      if (six(peer) ? sixes-- > 0 : fours-- > 0) {
        chosen.add(peer);
      }
    }
    return chosen.size() > limit ? chosen.subList(0, limit) : chosen;
  }

  /// Whether no server that comes after these could be chosen.
  boolean enough(List<Peer> peers) {
    if (peers.size() < addresses()) {
      return false;
    }
    if (!balanceProtocols) {
      return true;
    }
    long six = peers.stream().filter(Tries::six).count();
    int half = addresses() - addresses() / 2;
    return six >= half && peers.size() - six >= half;
  }

  private static boolean six(Peer peer) {
    return peer.ip().filter(Inet6Address.class::isInstance).isPresent();
  }
}
