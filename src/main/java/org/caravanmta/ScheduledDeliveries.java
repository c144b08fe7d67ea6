package org.caravanmta;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.caravanmta.delivery.endpoint.EndpointStage;
import org.caravanmta.delivery.remote.RemoteStage;
import org.caravanmta.delivery.schedule.DestinationState;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Transport;
import org.caravanmta.suspension.Suspension;

/// The deliveries whose destinations are scheduled, whichever stage makes them: those to other
/// servers, and those to Camel endpoints.
record ScheduledDeliveries(RemoteStage remote, EndpointStage endpoints) {
  private static final String CAMEL = Transport.CAMEL.key();

  /// By their queues, who says which tasks may begin.
  Map<String, Gate> gates() {
    var all = new LinkedHashMap<>(remote.gates());
    all.putAll(endpoints.gates());
    return all;
  }

  /// How the destinations of all transports stand.
  List<DestinationState> destinations() {
    return Stream.concat(remote.states().stream(), endpoints.destinations().states(CAMEL).stream())
        .toList();
  }

  /// Turns away what waits for its turn at what is suspended now.
  void turnAway(Suspension suspension) {
    // of a domain's mail, the next hop may be any
    boolean any = suspension.kind() == Suspension.Kind.DOMAIN;
    remote.turnAway(any ? (_, _) -> true : suspension::covers);
    endpoints.destinations().turnAway(uri -> any || suspension.covers(CAMEL, uri));
  }

  /// Begins anew with what is suspended no more.
  void restart(Suspension suspension) {
    remote.restart(suspension::covers);
    endpoints.destinations().restart(uri -> suspension.covers(CAMEL, uri));
  }

  /// Has destinations that could not be reached tried again at once.
  void revive() {
    remote.revive();
    endpoints.revive();
  }

  /// Registers metrics of deliveries.
  void measure(MeterRegistry registry) {
    remote.measure(registry);
  }
}
