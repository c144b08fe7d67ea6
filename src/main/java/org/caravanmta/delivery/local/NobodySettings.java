package org.caravanmta.delivery.local;

import java.util.List;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.TableName;

/// The keys of the section `local` that say where mail for users who do not exist goes.
///
/// @param fallbackTransport the transport that takes it; empty for none (postfix
///   `fallback_transport`)
/// @param fallbackTransports tables of transports for some of them (postfix
///   `fallback_transport_maps`)
/// @param catchAll the text of a {@link CatchAll}; empty for none (postfix `luser_relay`)
public record NobodySettings(
    String fallbackTransport, List<TableName> fallbackTransports, String catchAll) {
  public NobodySettings {
    try {
      var _ = new CatchAll(catchAll);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "catch-all must be an address such as caught+$user, |command or /file: " + e.getMessage(),
          e);
    }
    if (!fallbackTransport.isEmpty()) {
      NamedTransport.require("fallback-transport", fallbackTransport);
    }
  }
}
