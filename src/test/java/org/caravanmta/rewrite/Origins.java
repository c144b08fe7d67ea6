package org.caravanmta.rewrite;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.rewrite.CompletionSettings.Clients;
import org.caravanmta.table.SearchPath;

/// Which header sections are rewritten.
final class Origins {
  private static final List<Clients> OURS = List.of(Clients.OWN_NETWORKS, Clients.LOGGED_IN);

  private Origins() {}

  /// Those of own and logged in clients.
  static HeaderOrigin shipped(Origin own) {
    return new HeaderOrigin(
        own, new CompletionSettings(OURS, Optional.empty(), false), new SearchPath(List.of()));
  }

  /// Those of strangers too.
  static HeaderOrigin remote(Origin own, String domain) {
    return new HeaderOrigin(
        own,
        new CompletionSettings(OURS, Optional.of(new Domain(domain)), false),
        new SearchPath(List.of()));
  }
}
