package org.caravanmta.delivery.remote;

import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.smtp.client.Peer;

/// How many servers of one next hop an attempt tries (RFC 5321 §5.1 wants at least two).
///
/// @param addressLimit addresses that are connected to (postfix `smtp_mx_address_limit`); 0 for all
/// @param sessionLimit sessions in which a message is offered to a server
///   (`smtp_mx_session_limit`); 0 for any number
/// @param balanceProtocols whether addresses of IPv6 and of IPv4 are both among them, where there
///   are both: the whole of one protocol may be out of reach (`smtp_balance_inet_protocols`)
public record Tries(int addressLimit, int sessionLimit, boolean balanceProtocols) {
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

  /// The servers that are tried, in their order.
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
      fours = 1; // even if only one may be tried, which is the first
    }
    var chosen = new ArrayList<Peer>();
    for (Peer peer : peers) {
      if (six(peer) ? sixes-- > 0 : fours-- > 0) {
        chosen.add(peer);
      }
    }
    return chosen.size() > limit ? chosen.subList(0, limit) : chosen;
  }

  /// Whether no address that comes after these can be among the chosen.
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
