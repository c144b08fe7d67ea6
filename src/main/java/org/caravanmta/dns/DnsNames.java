package org.caravanmta.dns;

import java.net.InetAddress;
import org.caravanmta.address.Domain;

/// Asks the DNS. Every method blocks, for no longer than the resolver's time-out, and is meant for
/// virtual threads; a failure is an answer, {@link DnsAnswer.Unavailable}.
public interface DnsNames {
  /// The MX records of a domain, lowest preference first (RFC 5321 §5.1). A null MX (RFC 7505) is
  /// one record whose host is empty.
  DnsAnswer<MailExchange> mailExchanges(Domain domain);

  /// The addresses of a host (A and AAAA), IPv4 first; secure if all of them are.
  DnsAnswer<InetAddress> addresses(String host);

  /// The A records of a name in a DNS list (RFC 5782 §2.1).
  DnsAnswer<InetAddress> listing(String name);

  /// The TXT records of a name; the strings of each record are joined.
  DnsAnswer<String> text(String name);

  /// The names that an address points to (PTR).
  DnsAnswer<String> pointers(InetAddress address);

  /// The names of the name servers of a domain (NS).
  DnsAnswer<String> nameServers(Domain domain);

  /// The name that the addresses of a host are found at, after all aliases (CNAME; RFC 1034
  /// §3.6.2); the host itself if it has none. One record, which is as secure as the addresses.
  DnsAnswer<String> canonical(String host);

  /// The name that a host is an alias for, without following further aliases.
  DnsAnswer<String> alias(String host);

  /// The TLSA records of a name (RFC 6698 §3): `_25._tcp.mx.example.org`.
  DnsAnswer<Association> associations(String name);

  /// Whether secure answers can be had.
  Validation validation();

  /// An MX record.
  ///
  /// @param preference lower is preferred
  /// @param host without its trailing dot; empty for a null MX
  record MailExchange(int preference, String host) {}

  /// A TLSA record (RFC 6698 §2.1), with the numbers and the bytes that it has there.
  ///
  /// @param data in lower-case hexadecimal digits
  record Association(int usage, int selector, int matching, String data) {}
}
