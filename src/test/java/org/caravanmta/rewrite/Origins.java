package org.caravanmta.rewrite;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;

/// Which header sections are rewritten.
final class Origins {
  private Origins() {}

  /// Those of own and logged in clients.
  static HeaderOrigin shipped(Origin own) {
    return new HeaderOrigin(
        own, HeaderOrigin.Clients.set(List.of("own-networks", "logged-in")), Optional.empty());
  }

  /// Those of strangers too.
  static HeaderOrigin remote(Origin own, String domain) {
    return new HeaderOrigin(
        own,
        HeaderOrigin.Clients.set(List.of("own-networks", "logged-in")),
        Optional.of(new Domain(domain)));
  }
}
