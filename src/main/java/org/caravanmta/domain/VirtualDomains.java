package org.caravanmta.domain;

import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// The domains whose addresses are not users of this machine (RFC 5321 §3.3), of two kinds: those
/// whose every address is a virtual alias (postfix `virtual_alias_domains`), which are the ones
/// named and those that stand alone as a key in the tables of virtual aliases, `example.org
/// anything`; and those whose addresses have mailboxes of their own (postfix
/// `virtual_mailbox_domains`).
///
/// @param domains of aliases, those named
/// @param mailboxes those of mailboxes
public record VirtualDomains(DomainList domains, SearchPath aliases, DomainList mailboxes) {

  /// Domains of aliases only.
  public VirtualDomains(Set<Domain> domains, SearchPath aliases) {
    this(domains, aliases, Set.of());
  }

  /// Those that are named.
  public VirtualDomains(Set<Domain> domains, SearchPath aliases, Set<Domain> mailboxes) {
    this(DomainList.of(domains), aliases, DomainList.of(mailboxes));
  }

  /// Found when the domain is one of aliases. Tables of patterns are not asked: a pattern for
  /// addresses may well match every domain.
  public Lookup find(Domain domain) {
    try {
      return known(domain);
    } catch (DomainList.Unavailable e) {
      return new Lookup.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private Lookup known(Domain domain) {
    return domains.contains(domain)
        ? new Lookup.Found(domain.name())
        : switch (aliases.plain(domain.key())) {
          case Search.Found(String value, _, _) -> new Lookup.Found(value);
          case Search.Absent() -> new Lookup.Absent();
          case Search.Unavailable(String why) -> new Lookup.Unavailable(why);
        };
  }

  /// Whether the addresses of the domain have mailboxes of their own.
  ///
  /// @throws DomainList.Unavailable if a table of them cannot be asked
  public boolean hasMailboxes(Domain domain) {
    return mailboxes.contains(domain);
  }
}
