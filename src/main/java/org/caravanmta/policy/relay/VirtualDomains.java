package org.caravanmta.policy.relay;

import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// The domains whose every address is a virtual alias (postfix `virtual_alias_domains`): those
/// named, and those that stand alone as a key in the tables of virtual aliases, `example.org
/// anything`.
public record VirtualDomains(Set<Domain> domains, SearchPath aliases) {
  public VirtualDomains {
    domains = Set.copyOf(domains);
  }

  /// Found when the domain is one of them. Tables of patterns are not asked: a pattern for
  /// addresses may well match every domain.
  public Lookup find(Domain domain) {
    return domains.contains(domain)
        ? new Lookup.Found(domain.name())
        : switch (aliases.plain(domain.key())) {
          case Search.Found(String value, _, _) -> new Lookup.Found(value);
          case Search.Absent() -> new Lookup.Absent();
          case Search.Unavailable(String why) -> new Lookup.Unavailable(why);
        };
  }
}
