package org.caravanmta.rewrite;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.table.SearchPath;

/// Which header sections are rewritten.
final class Origins {
  private static final Set<HeaderOrigin.Clients> OURS =
      EnumSet.of(HeaderOrigin.Clients.OWN_NETWORKS, HeaderOrigin.Clients.LOGGED_IN);

  private Origins() {}

  /// Those of own and logged in clients.
  static HeaderOrigin shipped(Origin own) {
    return new HeaderOrigin(own, OURS, new SearchPath(List.of()), Optional.empty());
  }

  /// Those of strangers too.
  static HeaderOrigin remote(Origin own, String domain) {
    return new HeaderOrigin(own, OURS, new SearchPath(List.of()), Optional.of(new Domain(domain)));
  }
}
