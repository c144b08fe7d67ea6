package org.caravanmta.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.caravanmta.address.Domain;

/// Looks names up in the DNS, but the addresses of hosts also by this machine, which reads
/// `/etc/hosts` (postfix `smtp_host_lookup`). A host that the machine does not find counts as
/// unavailable, as the machine does not say whether the host does not exist or could not be looked
/// up.
///
/// @param dns asked about everything but the addresses of hosts
/// @param both whether the DNS is asked about the addresses of hosts too; otherwise only the
///   machine is
/// @param machineFirst whether the machine is asked before the DNS
public record HostNames(DnsNames dns, boolean both, boolean machineFirst) implements DnsNames {
  @Override
  public DnsAnswer<InetAddress> addresses(String host) {
    if (!both) {
      return byMachine(host);
    }
    DnsAnswer<InetAddress> first = machineFirst ? byMachine(host) : dns.addresses(host);
    if (first instanceof DnsAnswer.Records<InetAddress>) {
      return first;
    }
    DnsAnswer<InetAddress> second = machineFirst ? dns.addresses(host) : byMachine(host);
    // of two answers without records, that of the DNS says more
    return second instanceof DnsAnswer.Records<InetAddress> || machineFirst ? second : first;
  }

  @Override
  public DnsAnswer<MailExchange> mailExchanges(Domain domain) {
    return dns.mailExchanges(domain);
  }

  @Override
  public DnsAnswer<InetAddress> listing(String name) {
    return dns.listing(name);
  }

  @Override
  public DnsAnswer<String> text(String name) {
    return dns.text(name);
  }

  @Override
  public DnsAnswer<String> pointers(InetAddress address) {
    return dns.pointers(address);
  }

  @Override
  public DnsAnswer<String> nameServers(Domain domain) {
    return dns.nameServers(domain);
  }

  /// As the DNS has it; what this machine knows of hosts is not in the DNS, and never secure.
  @Override
  public DnsAnswer<String> canonical(String host) {
    return dns.canonical(host);
  }

  @Override
  public DnsAnswer<String> alias(String host) {
    return dns.alias(host);
  }

  @Override
  public DnsAnswer<Association> associations(String name) {
    return dns.associations(name);
  }

  @Override
  public Validation validation() {
    return dns.validation();
  }

  private static DnsAnswer<InetAddress> byMachine(String host) {
    try {
      return new DnsAnswer.Records<>(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      return new DnsAnswer.Unavailable<>("this machine does not know " + host);
    }
  }
}
