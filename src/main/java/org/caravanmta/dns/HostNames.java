package org.caravanmta.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.caravanmta.address.Domain;

/// The DNS, and for the addresses of hosts this machine as well, which looks into `/etc/hosts`
/// (postfix `smtp_host_lookup`). What the machine does not know may only be unknown for now: it
/// does not tell.
///
/// @param dns asked about everything else
/// @param both whether the DNS is asked about hosts too
/// @param machineFirst whether it is asked after the machine
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
    // of the two, the DNS knows what it does not have
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

  private static DnsAnswer<InetAddress> byMachine(String host) {
    try {
      return new DnsAnswer.Records<>(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      return new DnsAnswer.Unavailable<>("this machine does not know " + host);
    }
  }
}
