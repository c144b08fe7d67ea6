package org.caravanmta.delivery.remote;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.caravanmta.address.Domain;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.dns.DnsNames.MailExchange;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Peer;

/// The lookup of a next hop's servers, the best first (RFC 5321 §5.1): mail exchangers by
/// preference, those of the same preference in random order; without any, the addresses of the
/// domain itself.
final class Servers {
  /// The most exchangers whose addresses are looked up, so that a hostile domain cannot make us ask
  /// for thousands.
  private static final int MOST_HOSTS = 20;

  private final DnsNames names;
  private final Ourselves ourselves;
  private final RemoteSettings own;
  private final RandomGenerator random;

  Servers(DnsNames names, Ourselves ourselves, RemoteSettings own, RandomGenerator random) {
    this.names = names;
    this.ourselves = ourselves;
    this.own = own;
    this.random = random;
  }

  /// What the lookup has found.
  sealed interface Search {
    /// Whether we are among the servers of the next hop ourselves.
    boolean ours();

    /// The servers to try.
    ///
    /// @param peers at least one, and no more than are to be tried
    /// @param best how many of the first of them are of the best preference
    record Found(List<Peer> peers, int best, boolean ours) implements Search {
      /// All of the same preference.
      Found(List<Peer> peers, boolean ours) {
        this(peers, peers.size(), ours);
      }
    }

    /// There is no server to try.
    ///
    /// @param attempt what that means for the recipients: deferred or failed
    record Nowhere(Attempt attempt, boolean ours) implements Search {
      Nowhere(Attempt attempt) {
        this(attempt, false);
      }
    }
  }

  /// The servers of a next hop; those of a host in brackets are its own addresses.
  Search find(NextHop.Host hop) {
    return hop.direct() ? host(hop.host(), hop) : exchangers(hop);
  }

  private Search exchangers(NextHop.Host hop) {
    return switch (names.mailExchanges(new Domain(hop.host()))) {
      case DnsAnswer.Records<MailExchange>(var records, _)
          when records.getFirst().host().isEmpty() ->
          // RFC 7505 §4.1
          failed("5.1.0", "Domain " + hop.host() + " does not accept mail (nullMX)");
      case DnsAnswer.Records<MailExchange>(var records, _) -> byPreference(records, hop);
      case DnsAnswer.None<MailExchange> _ -> host(hop.host(), hop);
      case DnsAnswer.Unavailable<MailExchange> _ -> unanswered(hop.host(), "MX");
    };
  }

  private Search host(String host, NextHop.Host hop) {
    return switch (names.addresses(host)) {
      case DnsAnswer.Records<InetAddress>(var addresses, _) -> {
        var peers = peers(host, addresses, hop.port().orElse(own.port()));
        List<Peer> called = own.outgoing().addresses().hosts(peers);
        yield isUs(host, peers)
            ? loop(hop)
            : called.isEmpty() ? notSpoken(host) : chosen(called, called, false);
      }
      case DnsAnswer.None<InetAddress> _ -> notThere(host);
      case DnsAnswer.Unavailable<InetAddress> _ -> unanswered(host, "AAAA");
    };
  }

  private Search byPreference(List<MailExchange> exchangers, NextHop.Host hop) {
    var found = new ArrayList<Peer>();
    List<Peer> best = List.of();
    Optional<Search> soft = Optional.empty();
    String lost = hop.host();
    // whether there are servers that we do not call
    boolean left = false;
    int asked = 0;
    for (int from = 0, to; from < exchangers.size() && asked < MOST_HOSTS; from = to) {
      int preference = exchangers.get(from).preference();
      to = from;
      while (to < exchangers.size() && exchangers.get(to).preference() == preference) {
        to++;
      }
      var equal = new ArrayList<Peer>();
      var hosts = exchangers.subList(from, to).stream().map(MailExchange::host).limit(MOST_HOSTS);
      for (String host : hosts.toList()) {
        asked++;
        switch (names.addresses(host)) {
          case DnsAnswer.Records<InetAddress>(var addresses, _) ->
              equal.addAll(peers(host, addresses, hop.port().orElse(own.port())));
          case DnsAnswer.None<InetAddress> _ -> lost = host;
          case DnsAnswer.Unavailable<InetAddress> _ -> soft = Optional.of(unanswered(host, "AAAA"));
        }
      }
      if (equal.stream().anyMatch(peer -> isUs(peer.host(), List.of(peer)))) {
        // RFC 5321 §5.1: exchangers of our preference or a worse one would send the mail back to us
        return found.isEmpty() ? ourTurn(from == 0, hop) : chosen(found, best, true);
      }
      List<Peer> called = own.outgoing().addresses().ofEqualRank(equal, random);
      left |= called.size() < equal.size();
      best = found.isEmpty() ? called : best;
      found.addAll(called);
      if (own.outgoing().tries().enough(found)) {
        break;
      }
    }
    if (!found.isEmpty()) {
      return chosen(found, best, false);
    }
    if (left) {
      return notSpoken(hop.host());
    }
    // while the address of one exchanger is unknown, the message is tried again
    return soft.orElse(notThere(lost));
  }

  private Search chosen(List<Peer> peers, List<Peer> best, boolean ours) {
    List<Peer> chosen = own.outgoing().tries().choose(peers);
    return new Search.Found(chosen, (int) chosen.stream().filter(best::contains).count(), ours);
  }

  private static Search ourTurn(boolean best, NextHop.Host hop) {
    String text = "unable to find primary relay for " + hop.host();
    return best
        ? loop(hop)
        : new Search.Nowhere(new Attempt.Deferred(Reason.of("4.4.4", text)), true);
  }

  private boolean isUs(String host, List<Peer> peers) {
    return peers.stream()
        .anyMatch(
            peer ->
                peer.address() instanceof InetSocketAddress address
                    && (ourselves.is(address) || ourselves.is(Set.of(host), address.getPort())));
  }

  private static List<Peer> peers(String host, List<InetAddress> addresses, int port) {
    return addresses.stream()
        .map(address -> new Peer(host, new InetSocketAddress(address, port)))
        .toList();
  }

  private static Search loop(NextHop.Host hop) {
    String text = "mail for " + hop.host() + " loops back to myself";
    return new Search.Nowhere(new Attempt.Failed(Reason.of("5.4.6", text)), true);
  }

  private static Search notThere(String name) {
    return failed(
        "5.4.4",
        "Host or domain name not found. Name service error for name="
            + name
            + " type=AAAA: Host not found");
  }

  /// The servers have addresses, but none that our settings let us call: nobody's mail is returned
  /// for that.
  private static Search notSpoken(String name) {
    return deferred(
        "4.4.4", name + " has no address of the protocols in delivery.outgoing.protocols");
  }

  private static Search unanswered(String name, String type) {
    return deferred(
        "4.4.3",
        "Host or domain name not found. Name service error for name="
            + name
            + " type="
            + type
            + ": Host not found, try again");
  }

  private static Search failed(String status, String text) {
    return new Search.Nowhere(new Attempt.Failed(Reason.of(status, text)));
  }

  private static Search deferred(String status, String text) {
    return new Search.Nowhere(new Attempt.Deferred(Reason.of(status, text)));
  }
}
