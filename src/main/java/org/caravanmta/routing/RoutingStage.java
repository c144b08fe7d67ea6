package org.caravanmta.routing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Reason;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The stage `routing`: which transport and next hop mail takes.
public final class RoutingStage implements Stage {
  private final RoutingTable table;
  private final Foresight foresight;
  private final House house;
  private final Routing routing;
  private final Transports transports;

  /// What routing takes from other sections of the settings.
  ///
  /// @param relayhost where mail for other domains goes, or the empty text
  /// @param sizes how many recipients a task may have
  /// @param transports those that have a queue, `delivery.NAME`
  /// @param filters the queues of content filters that routes consume, `filter.NAME`
  /// @param programs those that are programs
  /// @param endpoints throws an `IllegalArgumentException` that says why a URI is not that of a
  ///   Camel endpoint
  /// @param parents whether an entry of a transport table holds for the domains below
  /// @param nameTable whether replies name the table of recipients
  public record Terms(
      String relayhost,
      TaskSizes sizes,
      Set<String> transports,
      Set<String> filters,
      Set<String> programs,
      Consumer<String> endpoints,
      boolean parents,
      boolean nameTable) {}

  public RoutingStage(
      RoutingSettings own, Terms terms, VirtualDomains virtual, Deferral deferral, House house) {
    this.house = house;
    var local = house.local();
    var there =
        new Transports(terms.transports(), terms.filters(), terms.programs(), terms.endpoints());
    this.transports = there;
    own.transports()
        .forEach(
            (key, value) -> {
              try {
                if (key.equals("content-filter")) {
                  there.expectFilter(value);
                } else {
                  there.expect(value);
                }
              } catch (IllegalArgumentException e) {
                throw new WrongSetting("routing." + key, String.valueOf(e.getMessage()), e);
              }
            });
    var classes =
        new ClassRouting(
            local.resolution(),
            virtual,
            local.relayed(),
            own,
            ClassRouting.Senders.open(own, local, there),
            terms.relayhost(),
            terms.nameTable());
    this.table =
        new RoutingTable(
            classes, RoutingTable.Exceptions.open(own, local, terms.parents(), there), there);
    this.foresight = new Foresight(table);
    this.routing =
        new Routing(
            local.resolution(), table, terms.sizes(), house.store()::link, deferral, house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("routing", routing);
  }

  /// The transports there are.
  public Transports transports() {
    return transports;
  }

  /// Whether a recipient's mail would be sure to fail.
  public Deliverability deliverability() {
    return foresight;
  }

  /// Where mail for an address goes, as content filters are told it (postfix `MILTER_README`).
  ///
  /// @param address absent for the null reverse path, which stands for this server
  public Optional<Destination> way(Optional<Address> address) {
    Address there = address.orElseGet(() -> Address.parse("postmaster@" + house.hostname()));
    Address destination = house.local().resolution().resolve(there).orElse(there);
    return table.of(destination, ReversePath.NULL)
            instanceof RoutingTable.Direction.Towards(Destination towards)
        ? Optional.of(towards)
        : Optional.empty();
  }

  /// What routing would do with a recipient.
  public Reason prospect(Address recipient, ReversePath sender) {
    return foresight.prospect(
        house.local().resolution().resolve(recipient).orElse(recipient), sender);
  }
}
