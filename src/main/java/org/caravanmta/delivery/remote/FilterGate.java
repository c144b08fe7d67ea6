package org.caravanmta.delivery.remote;

import java.util.Optional;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Transport;

/// Says which tasks for content filters may begin: there may be several filters, and one that is
/// slow, or has as much as it may have, must not keep the mail of the others waiting.
///
/// @param smtp the filters that are spoken to by SMTP
/// @param lmtp those by LMTP
record FilterGate(Destinations smtp, Destinations lmtp) implements Gate {
  @Override
  public Optional<Place> enter(String nextHop) {
    Destination.Plain server = server(nextHop);
    return of(server).enter(server.nextHop());
  }

  /// As filters are named, `smtp:[127.0.0.1]:10025`; or the name of the group of servers.
  @Override
  public String line(String nextHop) {
    Destination.Plain server = server(nextHop);
    String line = of(server).line(server.nextHop());
    return line.equals(Destinations.nameOf(server.nextHop()))
        ? new Destination.Filter(new Destination.Plain(server.way(), line)).nextHop()
        : line;
  }

  private Destinations of(Destination.Plain server) {
    return FilterDelivery.isLmtp(server) ? lmtp : smtp;
  }

  private static Destination.Plain server(String nextHop) {
    return FilterDelivery.server(Destination.of(Transport.FILTER.key(), nextHop));
  }
}
