package org.caravanmta.restriction.reverse;

import java.util.Map;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The first question about a client: what the DNS calls it.
public final class ReverseStage implements Stage {
  private final ClientNames names;

  /// @param looked whether names are looked up
  public ReverseStage(boolean looked, House house) {
    this.names = new ClientNames(looked, house.dns());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("clientNames", names);
  }
}
