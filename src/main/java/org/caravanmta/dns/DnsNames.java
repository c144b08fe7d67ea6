package org.caravanmta.dns;

import java.net.InetAddress;
import org.caravanmta.address.Domain;

/// Questions to the DNS. Blocking: asked from virtual threads, each bounded by the resolver's
/// time-out.
public interface DnsNames {
  /// The MX records of a domain, lowest preference first (RFC 5321 §5.1). A null MX (RFC 7505) is
  /// one record whose host is the empty text.
  DnsAnswer<MailExchange> mailExchanges(Domain domain);

  /// The A and AAAA records of a host, IPv4 first.
  DnsAnswer<InetAddress> addresses(String host);

  /// The A records of a name, as DNS lists use them (RFC 5782 §2.1).
  DnsAnswer<InetAddress> listing(String name);

  /// The TXT records of a name, the strings of each joined.
  DnsAnswer<String> text(String name);

  /// The names an address points to (PTR).
  DnsAnswer<String> pointers(InetAddress address);

  /// The names of a domain's name servers (NS).
  DnsAnswer<String> nameServers(Domain domain);

  /// @param host without its trailing dot; empty for a null MX
  record MailExchange(int preference, String host) {}
}
