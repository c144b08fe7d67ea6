package org.caravanmta.policy.relay;

import java.util.Set;
import org.caravanmta.address.Domain;

/// The domains that we relay to for anybody, each with its subdomains (postfix `relay_domains`).
public record RelayDomains(Set<Domain> domains) {
  public RelayDomains {
    domains = Set.copyOf(domains);
  }

  public boolean contains(Domain domain) {
    return domains.contains(domain)
        || domain.parents().stream().map(Domain::new).anyMatch(domains::contains);
  }
}
