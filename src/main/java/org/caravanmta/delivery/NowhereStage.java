package org.caravanmta.delivery;

import java.time.InstantSource;
import java.util.Map;
import org.caravanmta.stage.Stage;

/// The stages `delivery.error` and `delivery.discard`, whose transports deliver nothing to anybody.
public final class NowhereStage implements Stage {
  private final Map<String, Object> beans;

  public NowhereStage(InstantSource clock) {
    this.beans =
        Map.of(
            "errorDelivery", new ErrorDelivery(clock),
            "discardDelivery", new DiscardDelivery(clock));
  }

  @Override
  public Map<String, Object> beans() {
    return beans;
  }
}
