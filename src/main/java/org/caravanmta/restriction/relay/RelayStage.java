package org.caravanmta.restriction.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.caravanmta.domain.RecipientSettings;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.policy.Deliverability;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;
import org.caravanmta.table.Values;

/// Whose mail is ours to take, and which recipients there are.
public final class RelayStage implements Stage {
  private final Relay relay;
  private final KnownRecipients recipients;

  /// What other sections of the settings say of it.
  ///
  /// @param untrustedRouting whether strangers may name routes (postfix `allow_untrusted_routing`)
  /// @param codes of refusals
  /// @param everybody whether mail for everybody in our own domains is taken, since somebody takes
  ///   it when there is no mailbox
  /// @param aliases of our own users
  public record Terms(
      boolean untrustedRouting, RefusalCodes codes, boolean everybody, SearchPath aliases) {}

  /// @param others tables in whose keys recipients may stand who are somebody else
  public RelayStage(
      RecipientSettings own,
      Terms terms,
      VirtualDomains domains,
      List<AddressSearch> others,
      Deliverability deliverability,
      House house) {
    var local = house.local();
    this.relay = new Relay(local.resolution(), local.relayed(), domains, terms.untrustedRouting());
    this.recipients =
        new KnownRecipients(
            local.resolution(),
            local.relayed(),
            others,
            deliverability,
            known(own, terms, house),
            local.search(own.relay()),
            domains,
            local.own(own.virtual()),
            own,
            terms.codes());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("relay", relay, "recipients", recipients);
  }

  /// Vouches for recipients whose mail is ours to take.
  public Relay relay() {
    return relay;
  }

  /// Refuses recipients who do not exist.
  public KnownRecipients recipients() {
    return recipients;
  }

  /// Who exists in our own domains: those with a mailbox, and aliases.
  private static AddressSearch known(RecipientSettings own, Terms terms, House house) {
    if (own.own().isEmpty() || terms.everybody()) {
      return house.local().search(List.of());
    }
    var tables = new ArrayList<Table>(house.local().open(own.own(), Values.ANY).tables());
    tables.addAll(terms.aliases().tables());
    return house.local().search(new SearchPath(tables));
  }
}
