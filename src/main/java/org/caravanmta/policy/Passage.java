package org.caravanmta.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.smtp.Reply;

/// A transaction's way along the restriction lists: where it is, and what has been noted on the way
/// (postfix `SMTPD_ACCESS_README`).
///
/// @param actions what restrictions order for the whole message
public record Passage(
    TransactionFacts transaction,
    ListPosition position,
    Deferrals deferrals,
    List<MessageAction> actions) {
  public static final Passage START = new Passage("", "", 0);

  public Passage {
    actions = List.copyOf(actions);
  }

  /// Before the first list, when nothing has been said.
  public Passage(String instance, String id, long size) {
    this(instance, id, size, Said.NOTHING);
  }

  /// Before the first list.
  public Passage(String instance, String id, long size, Said said) {
    this(
        new TransactionFacts(instance, id, size, said),
        ListPosition.START,
        Deferrals.NONE,
        List.of());
  }

  private Passage with(ListPosition changed) {
    return new Passage(transaction, changed, deferrals, actions);
  }

  private Passage with(Deferrals changed) {
    return new Passage(transaction, position, changed, actions);
  }

  /// At the start of a list. The relay and the recipient list are one as far as `defer_if_reject`
  /// goes.
  public Passage at(RestrictionList next) {
    boolean one = next == RestrictionList.RECIPIENT && list() == RestrictionList.RELAY;
    return new Passage(
        transaction,
        position.at(next),
        one ? deferrals : new Deferrals(deferIfPermit(), Optional.empty()),
        actions);
  }

  /// With what has come of the lists that were asked at earlier commands.
  public Passage after(Set<RestrictionList> asked, Optional<Reply> deferral) {
    return with(position.after(asked)).with(new Deferrals(deferral, deferIfReject()));
  }

  public Passage permit() {
    return with(position.permit());
  }

  public Passage deep(int changed) {
    return with(position.deep(changed));
  }

  /// With a deferral in case nothing rejects it; the first one counts.
  public Passage deferIfPermit(Reply reply) {
    return with(deferrals.ifPermit(reply));
  }

  /// With a deferral in case something rejects it; the first one counts.
  public Passage deferIfReject(Reply reply) {
    return with(deferrals.ifReject(reply));
  }

  public Passage and(MessageAction action) {
    var more = new ArrayList<>(actions);
    more.add(action);
    return new Passage(transaction, position, deferrals, more);
  }

  public String instance() {
    return transaction.instance();
  }

  public String id() {
    return transaction.id();
  }

  public long size() {
    return transaction.size();
  }

  public Said said() {
    return transaction.said();
  }

  public Set<RestrictionList> before() {
    return position.before();
  }

  public RestrictionList list() {
    return position.list();
  }

  public boolean permitted() {
    return position.permitted();
  }

  public int depth() {
    return position.depth();
  }

  public Optional<Reply> deferIfPermit() {
    return deferrals.ifPermit();
  }

  public Optional<Reply> deferIfReject() {
    return deferrals.ifReject();
  }

  /// What becomes of a case that nothing has decided: it is deferred, or held, if that was noted.
  Optional<Verdict> inEffect() {
    return deferIfPermit().<Verdict>map(Verdict.Defer::new).or(this::held);
  }

  /// Held, if that was noted.
  Optional<Verdict> held() {
    return actions.stream()
        .filter(MessageAction.Hold.class::isInstance)
        .map(MessageAction.Hold.class::cast)
        .findFirst()
        .map(hold -> new Verdict.Hold(hold.why()));
  }

  /// Whether the message goes to other recipients than its own, and so to no content filter.
  public boolean redirected() {
    return actions.stream().anyMatch(MessageAction.Redirect.class::isInstance);
  }
}
