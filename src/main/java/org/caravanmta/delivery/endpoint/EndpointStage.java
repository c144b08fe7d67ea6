package org.caravanmta.delivery.endpoint;

import java.time.InstantSource;
import java.util.Map;
import org.caravanmta.stage.Stage;

/// The last steps of the operator's own transports: they settle what came of giving a message to a
/// Camel endpoint.
public final class EndpointStage implements Stage {
  private final EndpointSteps steps;

  public EndpointStage(InstantSource clock) {
    this.steps = new EndpointSteps(new EndpointDelivery(clock));
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("endpoint", steps);
  }
}
