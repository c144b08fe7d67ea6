package org.caravanmta.rewrite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.caravanmta.policy.Case;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.TableName;
import org.caravanmta.table.Values;

/// The stage `rewriting`: which addresses become which, and what header sections are completed
/// with.
public final class RewritingStage implements Stage {
  private final Map<String, Object> beans = new LinkedHashMap<>();
  private final House house;
  private final AddressSearch virtual;
  private final AddressSearch ofRecipients;
  private final AddressSearch ofAll;
  private final Generic generic;
  private final Generic genericOfLmtp;
  private final Generic none;
  private final UnaryOperator<Case> forwarding;
  private final UnaryOperator<Case> everywhere;
  private final Completion completion;

  public RewritingStage(RewritingSettings own, House house) {
    this.house = house;
    var origin = house.local().origin();
    var headers =
        new HeaderOrigin(
            origin, own.completed(), house.local().open(own.headers().localTables(), Values.ANY));
    var propagate = Set.copyOf(own.propagate());
    this.virtual = addresses(own.aliases().virtualAliases());
    this.ofRecipients = addresses(own.canonical().recipientCanonical());
    this.ofAll = addresses(own.canonical().canonical());
    boolean canonical = propagate.contains("canonical");
    var senders =
        new Canonical(
            addresses(own.canonical().senderCanonical()),
            origin,
            canonical,
            Set.copyOf(own.canonical().senderCanonicalClasses()),
            headers);
    var recipients =
        new Canonical(
            ofRecipients,
            origin,
            canonical,
            Set.copyOf(own.canonical().recipientCanonicalClasses()),
            headers);
    var both =
        new Canonical(
            ofAll, origin, canonical, Set.copyOf(own.canonical().canonicalClasses()), headers);
    var masquerade = new Masquerade(own.masquerade(), headers);
    var standardForm = new StandardForm(origin, headers);
    this.completion =
        new Completion(own.completed(), own.headers(), headers, origin, house.hostname());
    var copies =
        new AutomaticCopies(
            own.copies(),
            addresses(own.copies().senderBcc()),
            addresses(own.copies().recipientBcc()),
            origin,
            List.of(recipients, both),
            masquerade);
    var aliases = new VirtualAliases(virtual, origin, propagate.contains("virtual"), own.aliases());
    this.generic = new Generic(addresses(own.generic()), origin, propagate.contains("generic"));
    this.genericOfLmtp =
        new Generic(addresses(own.lmtp().generic()), origin, propagate.contains("generic"));
    this.none = new Generic(house.local().search(List.of()), origin, false);
    this.forwarding = c -> aliases.rewrite(masquerade.rewrite(both.rewrite(recipients.rewrite(c))));
    this.everywhere = c -> forwarding.apply(senders.rewrite(standardForm.rewrite(c)));
    beans.put("standardForm", standardForm);
    beans.put("senderCanonical", senders);
    beans.put("recipientCanonical", recipients);
    beans.put("canonical", both);
    beans.put("masquerade", masquerade);
    beans.put("completion", completion);
    beans.put("automaticCopies", copies);
    beans.put("virtualAliases", aliases);
  }

  @Override
  public Map<String, Object> beans() {
    return beans;
  }

  /// The tables of virtual aliases.
  public AddressSearch virtual() {
    return virtual;
  }

  /// Tables in whose keys recipients may stand who are somebody else.
  public List<AddressSearch> ofRecipients() {
    return List.of(ofRecipients, ofAll, virtual);
  }

  /// What is looked up again for mail that our own users forward.
  public UnaryOperator<Case> forwarding() {
    return forwarding;
  }

  /// All of it, as for mail that comes in.
  public UnaryOperator<Case> everywhere() {
    return everywhere;
  }

  /// What header sections are completed with.
  public UnaryOperator<Case> completion() {
    return completion::rewrite;
  }

  /// What becomes of addresses in what leaves by SMTP.
  public Generic generic() {
    return generic;
  }

  /// Likewise by LMTP.
  public Generic genericOfLmtp() {
    return genericOfLmtp;
  }

  /// What leaves as it is.
  public Generic none() {
    return none;
  }

  /// Tables of addresses: a value that is not one is refused with its line.
  private AddressSearch addresses(List<TableName> names) {
    return house.local().search(VirtualAliases.tables(names, house.clock()));
  }
}
