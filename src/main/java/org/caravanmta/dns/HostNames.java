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
public record HostNames(Names dns, boolean both, boolean machineFirst) implements Names {
  @Override
  public Answer<InetAddress> addresses(String host) {
    if (!both) {
      return byMachine(host);
    }
    Answer<InetAddress> first = machineFirst ? byMachine(host) : dns.addresses(host);
    if (first instanceof Answer.Records<InetAddress>) {
      return first;
    }
    Answer<InetAddress> second = machineFirst ? dns.addresses(host) : byMachine(host);
    // of the two, the DNS knows what it does not have
    return second instanceof Answer.Records<InetAddress> || machineFirst ? second : first;
  }

  @Override
  public Answer<MailExchange> mailExchanges(Domain domain) {
    return dns.mailExchanges(domain);
  }

  @Override
  public Answer<InetAddress> listing(String name) {
    return dns.listing(name);
  }

  @Override
  public Answer<String> text(String name) {
    return dns.text(name);
  }

  @Override
  public Answer<String> pointers(InetAddress address) {
    return dns.pointers(address);
  }

  @Override
  public Answer<String> nameServers(Domain domain) {
    return dns.nameServers(domain);
  }

  private static Answer<InetAddress> byMachine(String host) {
    try {
      return new Answer.Records<>(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      return new Answer.Unavailable<>("this machine does not know " + host);
    }
  }
}
