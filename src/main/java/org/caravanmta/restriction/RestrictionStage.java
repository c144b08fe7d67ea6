package org.caravanmta.restriction;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.caravanmta.restriction.dnsbl.DnsLists;
import org.caravanmta.restriction.dnsbl.DnsblSettings;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.restriction.relay.Relay;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.table.Values;

/// The restrictions that route steps name by Postfix's words: no bean has a name of its own, see
/// {@link #restrictions}.
public final class RestrictionStage implements Stage {
  private final Restrictions restrictions;

  /// @param lists the section of DNS lists
  /// @param namesClients whether clients' names are looked up
  /// @param stressed whether the server is under load
  /// @param classes the restriction classes, which are routes
  public RestrictionStage(
      RestrictionSettings own,
      DnsblSettings lists,
      boolean namesClients,
      Relay relay,
      KnownRecipients recipients,
      BooleanSupplier stressed,
      RestrictionClasses classes,
      House house) {
    this.restrictions =
        new Restrictions(
            new RestrictionContext(
                namesClients,
                house.local().resolution(),
                relay,
                recipients,
                house.local().extensions(),
                house.dns(),
                new DnsLists(house.dns(), house.clock()),
                house.local().open(lists.replies(), Values.ANY),
                house.local().open(own.clientCertificates(), Values.ANY),
                own,
                stressed,
                classes::has,
                classes::ask,
                house.clock()));
  }

  /// None: the text of a restriction is its name.
  @Override
  public Map<String, Object> beans() {
    return Map.of();
  }

  /// The step for each text that is a restriction.
  public Restrictions restrictions() {
    return restrictions;
  }
}
