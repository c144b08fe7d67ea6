package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravanmta.check.WireChecks;
import org.caravanmta.rewrite.Generic;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stages `delivery.smtp`, `delivery.lmtp` and `delivery.filter`: mail to other servers, to
/// stores, and to content filters, in which it stays as it is.
public final class RemoteStage implements Stage {
  /// Connections kept for the next message, over all destinations.
  private static final int MOST_IDLE_CONNECTIONS = 200;

  /// How long a task waits for its turn at a busy destination.
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// How long one waits that finds no room where others wait.
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /// Tasks at work at one time by SMTP, and to mail stores and content filters.
  private static final int AT_WORK = 500;

  private static final int AT_WORK_NEARBY = 100;

  /// Tasks that wait for their turn: with those at work, the window of the route.
  private static final int ROOM = 1000;

  private static final int ROOM_NEARBY = 400;

  private final List<Destinations> destinations = new ArrayList<>();
  private final ConnectionCache connections;
  private final ConnectionCache filterConnections;
  private final Map<String, Object> beans;

  /// What becomes of addresses in what leaves.
  ///
  /// @param unchanged by which none is changed
  public record Leaving(Generic smtp, Generic lmtp, Generic unchanged) {}

  /// @param outgoing how we call other servers
  /// @param checks the operator's rules for what leaves by SMTP
  public RemoteStage(
      DeliverySettings own, Outgoing outgoing, Leaving leaving, WireChecks checks, House house) {
    this.connections =
        new ConnectionCache(own.connectionIdle(), MOST_IDLE_CONNECTIONS, house.clock());
    this.filterConnections =
        new ConnectionCache(own.connectionIdle(), MOST_IDLE_CONNECTIONS, house.clock());
    var smtp =
        new SmtpDelivery(
            house.dns(),
            outgoing.caller().telling(own.outgoing().xforward()),
            outgoing.tries(),
            own.port(),
            outgoing.fallback(),
            outgoing.ourselves(),
            destinations(own, AT_WORK, ROOM, false, house),
            connections,
            leaving.smtp(),
            house.store()::read,
            house.clock());
    var lmtp =
        new LmtpDelivery(
            house.dns(),
            house.directory().toAbsolutePath(),
            outgoing.caller(),
            outgoing.tries(),
            destinations(own, AT_WORK_NEARBY, ROOM_NEARBY, false, house),
            connections,
            leaving.lmtp(),
            house.store()::read,
            house.clock());
    this.beans =
        Map.of(
            "smtpDelivery",
            new CheckedDelivery(smtp::deliver, checks, house.clock()),
            "lmtpDelivery",
            lmtp,
            "filterDelivery",
            toFilters(own, outgoing, leaving, house));
  }

  private FilterDelivery toFilters(
      DeliverySettings own, Outgoing outgoing, Leaving leaving, House house) {
    var smtp =
        new SmtpDelivery(
            house.dns(),
            outgoing.callerOfFilters(),
            outgoing.tries(),
            own.port(),
            "",
            outgoing.ourselves(),
            destinations(own, AT_WORK_NEARBY, ROOM_NEARBY, true, house),
            filterConnections,
            leaving.unchanged(),
            house.store()::read,
            house.clock());
    var lmtp =
        new LmtpDelivery(
            house.dns(),
            house.directory().toAbsolutePath(),
            outgoing.callerOfFilters(),
            outgoing.tries(),
            destinations(own, AT_WORK_NEARBY, ROOM_NEARBY, true, house),
            filterConnections,
            leaving.unchanged(),
            house.store()::read,
            house.clock());
    return new FilterDelivery(smtp::deliver, lmtp::deliver);
  }

  @Override
  public Map<String, Object> beans() {
    return beans;
  }

  /// Has destinations that could not be reached tried again at once.
  public void revive() {
    destinations.forEach(Destinations::revive);
  }

  /// Likewise one.
  public void revive(String destination) {
    destinations.forEach(each -> each.revive(destination));
  }

  @Override
  public void close() {
    connections.close();
    filterConnections.close();
  }

  private Destinations destinations(
      DeliverySettings own, int total, int room, boolean alone, House house) {
    var load =
        new Load(
            own.concurrency(),
            total,
            room,
            LONGEST_WAIT,
            PATIENCE,
            own.outgoing().rateDelay(),
            alone);
    var made = new Destinations(load, own.suspension(), house.clock());
    destinations.add(made);
    return made;
  }
}
