package org.caravanmta.state;

import java.util.Optional;
import org.caravanmta.config.Secret;
import org.caravanmta.table.DatabaseUrl;

/// The section `state`: the database of the greylist and of the quarantine.
public record StateSettings(Optional<String> url, String user, Secret password) {
  public StateSettings {
    DatabaseUrl.require("url", url);
  }
}
