package org.caravanmta.domain;

import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;

/// The domains that we relay to for anybody (postfix `relay_domains`).
public record RelayDomains(DomainList domains) {
  /// Each with its subdomains.
  public RelayDomains(Set<Domain> domains) {
    this(DomainList.below(domains));
  }

  /// @throws DomainList.Unavailable if a table of them cannot be asked
  public boolean contains(Domain domain) {
    return domains.contains(domain);
  }
}
