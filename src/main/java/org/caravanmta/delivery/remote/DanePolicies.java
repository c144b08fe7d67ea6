package org.caravanmta.delivery.remote;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.dns.DnsNames.Association;
import org.caravanmta.dns.DnsNames.MailExchange;
import org.caravanmta.dns.Validation.State;
import org.caravanmta.message.NextHop;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.tls.client.TlsaRecord;

/// Finds the TLSA records of a server (RFC 7672 §2.2): only where every answer of the DNS that
/// leads to them is secure, so that nobody on the way can have named another server.
///
/// Most answers are remembered since the servers of the next hop were looked up.
final class DanePolicies {
  private final DnsNames names;
  private final DaneSettings own;

  DanePolicies(DnsNames names, DaneSettings own) {
    this.names = names;
    this.own = own;
  }

  /// What the DNS says of a server's certificate.
  sealed interface Finding {
    /// It must match one of these records.
    ///
    /// @param base the name below which they are, which the server is asked for (RFC 7672 §2.2.2,
    ///   §8.1)
    /// @param records usable ones, at least one
    /// @param sure whether the name of the host is secure too; otherwise who can forge MX records
    ///   can send us to a host of their own
    record Found(String base, List<TlsaRecord> records, boolean sure) implements Finding {}

    /// There are records, none of which we can use: there must be TLS, with anybody (RFC 7672
    /// §2.2).
    record Unusable(String base, boolean sure) implements Finding {}

    /// There are none, or the DNS is not secure there.
    record Nothing(String why) implements Finding {}

    /// That could not be found out, perhaps because somebody keeps it from us: the server must not
    /// get mail now (RFC 7672 §2.1.1).
    record Unanswered(String why) implements Finding {}

    /// Nobody validates.
    ///
    /// @param why with the name servers
    record Off(String why) implements Finding {}
  }

  /// How secure a name is by which we have come to a host.
  private enum Standing {
    SECURE,
    INSECURE,
    UNKNOWN
  }

  /// @param hop the next hop that led to the server
  Finding of(NextHop hop, Peer peer) {
    if (!(hop instanceof NextHop.Host host)
        || peer.port().isEmpty()
        || Literals.address(peer.host()).isPresent()) {
      return new Finding.Nothing("only a host with a name has TLSA records");
    }
    return switch (names.validation().known()) {
      case State.Off() -> new Finding.Off("DNSSEC is off (dns.dnssec)");
      case State.Fails(String why) -> new Finding.Off(why);
      case State.Works() -> found(host, peer);
      case State.Unknown _ -> found(host, peer);
    };
  }

  private Finding found(NextHop.Host hop, Peer peer) {
    boolean declared = own.declares(hop.host());
    Standing exchangers =
        declared || hop.direct() ? Standing.SECURE : exchangers(new Domain(hop.host()));
    if (exchangers == Standing.UNKNOWN) {
      return unanswered(hop.host(), "MX");
    }
    boolean sure = exchangers == Standing.SECURE;
    if (!sure && own.insecureMx() == DaneSettings.InsecureMx.MAY) {
      return new Finding.Nothing("the MX records of " + hop.host() + " are not secure");
    }
    String host = peer.host();
    return switch (names.addresses(host)) {
      case DnsAnswer.Unavailable<InetAddress> _ -> unanswered(host, "AAAA");
      case DnsAnswer.Records<InetAddress>(_, boolean secure) when secure ->
          expanded(host, peer.port().getAsInt(), sure);
      case DnsAnswer.Records<InetAddress> _ -> alias(host, peer.port().getAsInt(), sure, declared);
      case DnsAnswer.None<InetAddress> _ -> alias(host, peer.port().getAsInt(), sure, declared);
    };
  }

  /// A domain without MX records is a host itself, whose addresses say how secure it is (RFC 7672
  /// §2.2.2).
  private Standing exchangers(Domain domain) {
    return switch (names.mailExchanges(domain)) {
      case DnsAnswer.Records<MailExchange>(_, boolean secure) ->
          secure ? Standing.SECURE : Standing.INSECURE;
      case DnsAnswer.None<MailExchange> _ -> Standing.SECURE;
      case DnsAnswer.Unavailable<MailExchange> _ -> Standing.UNKNOWN;
    };
  }

  /// The records of a host whose addresses are secure: at the name after all aliases, or else at
  /// the one before them.
  private Finding expanded(String host, int port, boolean sure) {
    return switch (names.canonical(host)) {
      case DnsAnswer.Records<String>(var name, boolean secure)
          when secure && !name.getFirst().equalsIgnoreCase(host) ->
          at(List.of(name.getFirst(), host), port, sure);
      case DnsAnswer.Unavailable<String> _ -> unanswered(host, "CNAME");
      case DnsAnswer.Records<String> _ -> at(List.of(host), port, sure);
      case DnsAnswer.None<String> _ -> at(List.of(host), port, sure);
    };
  }

  /// The records of a host whose addresses are not secure, although its own name may be: an alias
  /// that leads into a zone that is not signed (RFC 7672 §2.2.2).
  private Finding alias(String host, int port, boolean sure, boolean declared) {
    if (declared) {
      return at(List.of(host), port, sure);
    }
    return switch (names.alias(host)) {
      case DnsAnswer.Records<String>(_, boolean secure) when secure ->
          at(List.of(host), port, sure);
      case DnsAnswer.Unavailable<String> _ -> unanswered(host, "CNAME");
      case DnsAnswer.Records<String> _ -> insecure(host);
      case DnsAnswer.None<String> _ -> insecure(host);
    };
  }

  private static Finding insecure(String host) {
    return new Finding.Nothing("the addresses of " + host + " are not secure");
  }

  private Finding at(List<String> bases, int port, boolean sure) {
    for (String base : bases) {
      String name = "_" + port + "._tcp." + base;
      switch (names.associations(name)) {
        case DnsAnswer.Records<Association>(var records, boolean secure) -> {
          if (secure) {
            List<TlsaRecord> usable = usable(records);
            return usable.isEmpty()
                ? new Finding.Unusable(base, sure)
                : new Finding.Found(base, usable, sure);
          }
        }
        case DnsAnswer.None<Association> _ -> {}
        case DnsAnswer.Unavailable<Association> _ -> {
          return unanswered(name, "TLSA");
        }
      }
    }
    return new Finding.Nothing("no TLSA records of " + bases.getLast() + ":" + port);
  }

  /// The records that a certificate can be compared with, of each kind only those with the best
  /// digest (RFC 7671 §9): who can forge a weaker one gains nothing.
  private static List<TlsaRecord> usable(List<Association> records) {
    var usable = new ArrayList<TlsaRecord>();
    for (Association each : records) {
      var record = new TlsaRecord(each.usage(), each.selector(), each.matching(), each.data());
      if (record.isUsable()) {
        usable.add(record);
      }
    }
    return usable.stream()
        .filter(
            record ->
                record.matching() != 1
                    || usable.stream()
                        .noneMatch(
                            better ->
                                better.matching() == 2
                                    && better.usage() == record.usage()
                                    && better.selector() == record.selector()))
        .toList();
  }

  private static Finding unanswered(String name, String type) {
    return new Finding.Unanswered(type + " lookup error for " + name);
  }
}
