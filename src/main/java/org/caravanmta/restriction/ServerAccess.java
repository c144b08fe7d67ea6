package org.caravanmta.restriction;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.message.Client;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.table.Search;

/// Judges a domain by its servers (postfix `check_sender_mx_access` and the like): by the addresses
/// of its name, or by its mail exchangers or name servers, their names and addresses. Permits
/// nothing, since the domain's owner names the servers; a DNS that does not answer says nothing.
final class ServerAccess {
  private static final Pattern NAME =
      Pattern.compile(
          "check_(client|reverse_client_hostname|helo|sender|recipient)_(a|ns|mx)_access");

  private final DnsNames names;
  private final AccessRestrictions access;

  ServerAccess(DnsNames names, AccessRestrictions access) {
    this.names = names;
    this.access = access;
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  Restriction make(String name, AccessTable table) {
    var parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException(name);
    }
    Function<RestrictedCase, String> domain =
        switch (parts.group(1)) {
          case "client" -> asked -> asked.client().name();
          case "reverse_client_hostname" -> asked -> asked.client().reverse().name();
          case "helo" -> asked -> asked.client().helo();
          case "sender" -> asked -> asked.from().map(ServerAccess::domain).orElse("");
          default -> asked -> asked.recipient().map(ServerAccess::domain).orElse("");
        };
    Function<RestrictedCase, ReplySubject> subject =
        switch (parts.group(1)) {
          case "client" -> asked -> asked.client(ReplySubject.CLIENT);
          case "reverse_client_hostname" -> asked -> asked.client(ReplySubject.UNVERIFIED);
          case "helo" -> RestrictedCase::helo;
          case "sender" -> RestrictedCase::mailFrom;
          default -> asked -> RestrictedCase.rcptTo(asked.recipient().orElseThrow());
        };
    String servers = parts.group(2);
    return asked -> {
      String of = domain.apply(asked);
      return of.isEmpty() || of.equals(Client.UNKNOWN)
          ? Finding.DUNNO
          : ask(asked, subject.apply(asked), table, of, servers);
    };
  }

  private Finding ask(
      RestrictedCase asked,
      ReplySubject subject,
      AccessTable table,
      String domain,
      String servers) {
    for (String host : hosts(domain, servers)) {
      if (!servers.equals("a")) {
        Search byName = table.name(host);
        if (!(byName instanceof Search.Absent)) {
          return AccessRestrictions.notOk(access.finding(asked, subject, byName), host);
        }
      }
      if (names.addresses(host) instanceof DnsAnswer.Records<InetAddress>(var addresses, _)) {
        for (InetAddress address : addresses) {
          Search found = table.address(address);
          if (!(found instanceof Search.Absent)) {
            return AccessRestrictions.notOk(access.finding(asked, subject, found), host);
          }
        }
      }
    }
    return Finding.DUNNO;
  }

  /// What stands for a domain that has no such records is the domain itself, or for name servers
  /// the domain above it.
  private List<String> hosts(String domain, String servers) {
    if (servers.equals("a") || Literals.address(domain).isPresent()) {
      return List.of(domain);
    }
    if (servers.equals("mx")) {
      return names.mailExchanges(new Domain(domain))
              instanceof DnsAnswer.Records<DnsNames.MailExchange>(var records, _)
          ? records.stream().map(DnsNames.MailExchange::host).filter(h -> !h.isEmpty()).toList()
          : List.of(domain);
    }
    String at = domain;
    while (at.contains(".")) {
      if (names.nameServers(new Domain(at)) instanceof DnsAnswer.Records<String>(var records, _)) {
        return records;
      }
      at = at.substring(at.indexOf('.') + 1);
    }
    return List.of();
  }

  private static String domain(Address address) {
    return address.domain().name();
  }
}
