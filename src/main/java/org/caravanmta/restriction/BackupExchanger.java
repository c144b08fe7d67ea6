package org.caravanmta.restriction;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.Resolution;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.table.Lookup;

/// Permits mail for domains that have named us as one of their servers (RFC 5321 §5.1; postfix
/// `permit_mx_backup`), and, where the operator says in which networks those may be, whose best
/// servers are there. A DNS that does not answer defers what is then rejected.
record BackupExchanger(RestrictionContext around) implements Restriction {
  @Override
  public Finding ask(RestrictedCase asked) {
    if (asked.recipient().isEmpty()) {
      return Finding.DUNNO;
    }
    Address to = asked.recipient().get();
    if (around.relay().ours(to) instanceof Lookup.Found) {
      return Finding.OK;
    }
    Optional<Address> destination = around.resolution().resolve(to);
    if (destination.isEmpty()
        || Resolution.routed(destination.get())
        || destination.get().domain().isLiteral()) {
      return Finding.DUNNO;
    }
    return switch (around.names().mailExchanges(destination.get().domain())) {
      case DnsAnswer.Records<DnsNames.MailExchange>(var servers, _) -> judge(to, servers);
      case DnsAnswer.None<DnsNames.MailExchange> _ -> Finding.DUNNO;
      case DnsAnswer.Unavailable<DnsNames.MailExchange> _ -> unavailable(to);
    };
  }

  private Finding judge(Address to, List<DnsNames.MailExchange> servers) {
    int best = servers.stream().mapToInt(DnsNames.MailExchange::preference).min().orElse(0);
    Set<InetAddress> ours = around.resolution().addresses();
    boolean named = false;
    boolean there = true;
    for (DnsNames.MailExchange server : servers) {
      switch (around.names().addresses(server.host())) {
        case DnsAnswer.Records<InetAddress>(var addresses, _) -> {
          named |= addresses.stream().anyMatch(ours::contains);
          there &=
              server.preference() > best
                  || addresses.stream().allMatch(around.own().backupNetworks()::contains);
        }
        case DnsAnswer.None<InetAddress> _ -> {}
        case DnsAnswer.Unavailable<InetAddress> _ -> {
          return unavailable(to);
        }
      }
    }
    return named && (there || around.own().backupNetworks().networks().isEmpty())
        ? Finding.OK
        : Finding.DUNNO;
  }

  private static Finding unavailable(Address to) {
    return new Finding.DeferIfReject(
        RestrictedCase.rcptTo(to)
            .reply(450, "4.4.4", "Unable to look up the mail exchangers of its domain"));
  }
}
