package org.caravanmta.delivery.local;

import java.util.List;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.TableName;

/// Where mail goes for whom there is no user: keys of the section `local`.
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
