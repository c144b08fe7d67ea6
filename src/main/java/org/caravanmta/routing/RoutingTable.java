package org.caravanmta.routing;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Reason;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;
import org.caravanmta.table.Table;

/// Where each recipient's mail goes (postfix `trivial-rewrite(8)`): as its domain's class has it,
/// unless the transport tables say otherwise, unless the recipient has moved.
public final class RoutingTable {
  /// The transport of content filters, and those it stands in for.
  private static final String FILTER = "filter";

  private static final Set<String> SPEAKING = Set.of("smtp", "lmtp");

  private final ClassRouting usual;
  private final TransportTables tables;
  private final AddressSearch relocated;
  private final Transports transports;

  /// @param tables postfix `transport_maps`; not asked about virtual alias domains
  /// @param delimiters the characters that may start an address extension
  /// @param parents whether a domain in them stands for those below it too
  /// @param relocated who has moved, and where to (postfix `relocated(5)`)
  public RoutingTable(
      ClassRouting usual,
      List<Table> tables,
      String delimiters,
      boolean parents,
      AddressSearch relocated,
      Transports transports) {
    this.usual = usual;
    this.tables = new TransportTables(tables, delimiters, parents);
    this.relocated = relocated;
    this.transports = transports;
  }

  sealed interface Direction {
    record Towards(Hop hop) implements Direction {}

    /// Nothing could be decided now.
    record Postponed(Reason reason) implements Direction {}
  }

  Direction of(Address recipient, ReversePath sender) {
    return switch (usual.hop(recipient, sender)) {
      case ClassRouting.Hops.To(Hop hop) -> moved(recipient, hop, tables.choose(recipient));
      case ClassRouting.Hops.Final(Hop hop) -> moved(recipient, hop, TransportChoice.AS_USUAL);
      case ClassRouting.Hops.Unknown(String why) -> postponed(why);
    };
  }

  /// The way through a content filter, whatever the recipient's domain and the transport tables
  /// say. A filter that speaks SMTP or LMTP has a queue of its own, so that one that is down holds
  /// up nobody else's mail.
  Direction through(Hop filter, Address recipient) {
    String nextHop = filter.nextHop().isEmpty() ? recipient.domain().key() : filter.nextHop();
    return known(
        SPEAKING.contains(filter.transport().toLowerCase(Locale.ROOT))
            ? new Hop(FILTER, filter.transport().toLowerCase(Locale.ROOT) + ":" + nextHop)
            : new Hop(filter.transport(), nextHop));
  }

  private Direction moved(Address recipient, Hop usually, TransportChoice choice) {
    Search moved = relocated.path().isEmpty() ? new Search.Absent() : relocated.find(recipient);
    return switch (moved) {
      case Search.Found(String where, _, _) when !(choice instanceof TransportChoice.Unknown) ->
          known(new Hop("error", "error:5.1.6 User has moved to " + where));
      case Search.Unavailable(String why) -> postponed("relocated: " + why);
      case Search.Found _, Search.Absent() -> chosen(usually, choice);
    };
  }

  private Direction chosen(Hop usually, TransportChoice choice) {
    return switch (choice) {
      case TransportChoice.AsUsual() -> known(usually);
      case TransportChoice.Elsewhere(String nextHop) ->
          known(new Hop(usually.transport(), nextHop));
      case TransportChoice.Other(Hop hop) -> known(hop);
      case TransportChoice.Unknown(String why) -> postponed("transport table: " + why);
    };
  }

  private static Direction postponed(String why) {
    return new Direction.Postponed(Reason.of("4.3.0", why));
  }

  private Direction known(Hop chosen) {
    return transports
        .find(chosen)
        .<Direction>map(Direction.Towards::new)
        .orElseGet(
            () ->
                new Direction.Postponed(
                    Reason.of(
                        "4.3.5",
                        "mail transport unavailable: no transport named " + chosen.transport())));
  }
}
