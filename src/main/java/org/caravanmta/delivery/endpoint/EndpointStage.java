package org.caravanmta.delivery.endpoint;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stage `delivery.camel`, whose transport gives messages to Camel endpoints, and the last
/// steps of the operator's own transports, which settle what came of doing so.
public final class EndpointStage implements Stage {
  private final Endpoints endpoints;
  private final CamelDelivery delivery;
  private final EndpointSteps steps;

  /// @param context where the endpoints are made
  public EndpointStage(CamelSettings own, CamelContext context, House house) {
    this.endpoints = new Endpoints(context);
    this.delivery =
        new CamelDelivery(own, endpoints, new MailText(house.store()::read), house.clock());
    this.steps = new EndpointSteps(new EndpointDelivery(house.clock()));
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("endpoint", steps, "camelDelivery", delivery);
  }

  /// Checks the URI of a destination; nothing is started or connected to.
  ///
  /// @throws IllegalArgumentException says why there can be no such endpoint
  public void check(String uri) {
    endpoints.make(uri);
  }

  @Override
  public void close() {
    delivery.close();
  }
}
