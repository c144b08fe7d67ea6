package org.caravanmta.routing;

import java.util.Locale;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.domain.Locality;
import org.caravanmta.message.Destination;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Reason;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;
import org.caravanmta.table.Values;

/// Where each recipient's mail goes (postfix `trivial-rewrite(8)`): as its domain's class has it,
/// unless the transport tables say otherwise, unless the recipient has moved.
public final class RoutingTable {
  private final ClassRouting usual;
  private final Exceptions exceptions;
  private final Transports transports;

  public RoutingTable(ClassRouting usual, Exceptions exceptions, Transports transports) {
    this.usual = usual;
    this.exceptions = exceptions;
    this.transports = transports;
  }

  /// What the operator's tables have for a recipient.
  ///
  /// @param transport postfix `transport_maps`; not asked about virtual alias domains
  /// @param relocated who has moved, and where to (postfix `relocated(5)`)
  record Exceptions(TransportTables transport, AddressSearch relocated) {
    /// @param parents whether a domain of a transport table stands for those below it too
    /// @param there what values may name
    static Exceptions open(RoutingSettings own, Locality local, boolean parents, Transports there) {
      return new Exceptions(
          new TransportTables(
              local
                  .open(own.transport(), Values.tolerant(Values.fixed(there::expectEntry)))
                  .tables(),
              local.extensions().delimiters(),
              parents),
          local.search(own.relocated()));
    }
  }

  /// Whether a route consumes a queue of content filters.
  boolean hasFilter(String queue) {
    return transports.hasFilter(queue);
  }

  sealed interface Direction {
    record Towards(Destination destination) implements Direction {}

    /// Mail waits.
    sealed interface Undecided extends Direction {
      Reason reason();
    }

    /// Nothing could be decided now.
    record Postponed(Reason reason) implements Undecided {}

    /// What an operator has to set right.
    record Misconfigured(Reason reason) implements Undecided {}
  }

  Direction of(Address recipient, ReversePath sender) {
    return switch (usual.hop(recipient, sender)) {
      case ClassRouting.Hops.To(NamedTransport named) ->
          moved(recipient, named, exceptions.transport().choose(recipient));
      case ClassRouting.Hops.Final(NamedTransport named) ->
          moved(recipient, named, TransportChoice.AS_USUAL);
      case ClassRouting.Hops.Unavailable(String why) -> postponed(why);
    };
  }

  /// The way through a content filter, whatever the recipient's domain and the transport tables
  /// say. A filter that speaks SMTP or LMTP has a queue of its own, so that one that is down holds
  /// up nobody else's mail.
  Direction through(NamedTransport filter, Address recipient) {
    return filter
        .instead()
        .map(way -> instead(way, recipient))
        .orElseGet(() -> filtered(filter, recipient));
  }

  /// The way that the operator has given the message.
  private Direction instead(NamedTransport way, Address recipient) {
    return known(NamedTransport.parse(way.kept(), recipient.domain().key()));
  }

  private Direction filtered(NamedTransport filter, Address recipient) {
    NamedTransport named =
        filter.nextHop().isEmpty() && !filter.refuses()
            ? filter.to(recipient.domain().key())
            : filter;
    var server = new NamedTransport(named.name().toLowerCase(Locale.ROOT), named.nextHop());
    return server.destination(Set.of()) instanceof Destination.Plain remote
            && remote.way().isRemote()
        ? filter(remote)
        : known(named);
  }

  private Direction filter(Destination.Plain server) {
    var filter = new Destination.Filter(server);
    return transports.has(filter)
        ? new Direction.Towards(filter)
        : misconfigured(filter.transport());
  }

  private Direction moved(Address recipient, NamedTransport usually, TransportChoice choice) {
    AddressSearch relocated = exceptions.relocated();
    Search moved = relocated.path().isEmpty() ? new Search.Absent() : relocated.find(recipient);
    return switch (moved) {
      case Search.Found(String where, _, _) when !(choice instanceof TransportChoice.Unavailable) ->
          known(NamedTransport.returning("5.1.6 User has moved to " + where));
      case Search.Unavailable(String why) -> postponed("relocated: " + why);
      case Search.Found _, Search.Absent() -> chosen(usually, choice);
    };
  }

  private Direction chosen(NamedTransport usually, TransportChoice choice) {
    return switch (choice) {
      case TransportChoice.AsUsual() -> known(usually);
      case TransportChoice.Elsewhere(String nextHop) -> known(usually.to(nextHop));
      case TransportChoice.Other(NamedTransport named) -> known(named);
      case TransportChoice.Unavailable(String why) -> postponed("transport table: " + why);
    };
  }

  private static Direction postponed(String why) {
    return new Direction.Postponed(Reason.of("4.3.0", why));
  }

  private Direction known(NamedTransport chosen) {
    return transports
        .find(chosen)
        .<Direction>map(Direction.Towards::new)
        .orElseGet(() -> misconfigured(chosen.name()));
  }

  private static Direction misconfigured(String name) {
    return new Direction.Misconfigured(
        Reason.of("4.3.5", "mail transport unavailable: no transport named " + name));
  }
}
