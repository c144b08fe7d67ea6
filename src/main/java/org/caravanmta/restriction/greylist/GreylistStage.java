package org.caravanmta.restriction.greylist;

import java.util.List;
import java.util.Map;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.state.Triplets;
import org.caravanmta.table.TableName;
import org.caravanmta.table.Values;

/// The stage `greylist`: has this client written to this recipient before?
public final class GreylistStage implements Stage {
  private final Greylist greylist;

  /// @param parents whether an entry of a table holds for the domains below
  public GreylistStage(GreylistSettings own, boolean parents, Triplets triplets, House house) {
    this.greylist =
        new Greylist(
            own.greylisting(),
            new Exemptions(
                access(own.exemptClients(), parents, house),
                access(own.exemptSenders(), parents, house),
                access(own.exemptRecipients(), parents, house)),
            triplets,
            house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("greylist", greylist);
  }

  private static AccessTable access(List<TableName> names, boolean parents, House house) {
    return new AccessTable(
        house.local().open(names, Values.ANY), house.local().extensions(), parents);
  }
}
