package org.caravanmta.delivery.endpoint;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Transport;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stage `delivery.camel`, whose transport gives messages to Camel endpoints, and the last
/// steps of the operator's own transports, which settle what came of doing so.
public final class EndpointStage implements Stage {
  /// The most tasks at work at one time, at all endpoints.
  private static final int AT_WORK = 200;

  /// The most tasks that wait for their turn in memory; with those at work they are the window of
  /// the route. The others wait in queues.
  private static final int ROOM = 300;

  /// How long a task waits for its turn at a busy endpoint.
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final Endpoints endpoints;
  private final Destinations turns;
  private final CamelDelivery delivery;
  private final EndpointSteps steps;

  /// @param limits what each endpoint may have
  /// @param context where the endpoints are made
  public EndpointStage(CamelSettings own, Limits limits, CamelContext context, House house) {
    this.endpoints = new Endpoints(context);
    this.turns =
        new Destinations(
                limits,
                new Load(AT_WORK, ROOM, LONGEST_WAIT),
                UnaryOperator.identity(),
                house.clock())
            .unless(house.suspended())
            .sharing(house.shares(), Transport.CAMEL.key());
    this.delivery =
        new CamelDelivery(own, endpoints, new MailText(house.store()::read), turns, house.clock());
    this.steps = new EndpointSteps(new EndpointDelivery(house.clock()));
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("endpoint", steps, "camelDelivery", delivery);
  }

  /// By their queues, who says which tasks may begin.
  public Map<String, Gate> gates() {
    return Map.of(Queues.delivery(Transport.CAMEL.key()), turns);
  }

  /// How its endpoints are scheduled.
  public Destinations destinations() {
    return turns;
  }

  /// Ends the suspension of all endpoints, see {@link Destinations#revive()}.
  public void revive() {
    turns.revive();
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
