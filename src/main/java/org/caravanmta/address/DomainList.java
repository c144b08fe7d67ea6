package org.caravanmta.address;

import java.util.Set;

/// Some domains: those that the operator has named, or more than can be named.
@FunctionalInterface
public interface DomainList {
  DomainList NONE = _ -> false;

  /// @throws Unavailable if a table of them cannot be asked
  boolean contains(Domain domain);

  /// Just these.
  static DomainList of(Set<Domain> domains) {
    return Set.copyOf(domains)::contains;
  }

  /// These, and those below them.
  static DomainList below(Set<Domain> domains) {
    Set<Domain> tops = Set.copyOf(domains);
    return domain ->
        tops.contains(domain)
            || domain.parents().stream()
                .filter(parent -> !parent.isEmpty())
                .map(Domain::new)
                .anyMatch(tops::contains);
  }

  /// Whether a domain is one of them cannot be told now: mail waits, and nobody is refused for it.
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String why) {
      super(why);
    }
  }
}
