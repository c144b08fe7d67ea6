package org.caravanmta.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.smtp.Reply;

/// The state of a case in the restriction lists: where it is, and what restrictions have noted on
/// the way (postfix `SMTPD_ACCESS_README`).
///
/// @param transaction what is known about the mail transaction
/// @param position where it is
/// @param deferrals noted for later
/// @param actions what restrictions want done to the whole message, in the order in which they were
///   given
public record RestrictionState(
    TransactionFacts transaction,
    ListPosition position,
    Deferrals deferrals,
    List<MessageAction> actions) {
  /// Before the first list, with nothing known about the transaction.
  public static final RestrictionState START = new RestrictionState("", "", 0);

  public RestrictionState {
    actions = List.copyOf(actions);
  }

  /// Before the first list, when MAIL has not been given.
  public RestrictionState(String instance, String id, long size) {
    this(instance, id, size, GivenPaths.NOTHING);
  }

  /// Before the first list.
  ///
  /// @param instance the same for all questions of one transaction
  /// @param id the message's id; empty until it has one
  /// @param size the size declared with MAIL in bytes, 0 if none
  public RestrictionState(String instance, String id, long size, GivenPaths givenPaths) {
    this(
        new TransactionFacts(instance, id, size, givenPaths),
        ListPosition.START,
        Deferrals.NONE,
        List.of());
  }

  private RestrictionState with(ListPosition changed) {
    return new RestrictionState(transaction, changed, deferrals, actions);
  }

  private RestrictionState with(Deferrals changed) {
    return new RestrictionState(transaction, position, changed, actions);
  }

  /// At the start of another list. For `defer_if_reject` the relay list and the recipient list
  /// count as one.
  public RestrictionState at(RestrictionList next) {
    boolean one = next == RestrictionList.RECIPIENT && list() == RestrictionList.RELAY;
    return new RestrictionState(
        transaction,
        position.at(next),
        one ? deferrals : new Deferrals(deferIfPermit(), Optional.empty()),
        actions);
  }

  /// With the results of the lists that were asked at earlier commands.
  ///
  /// @param deferral noted there in case nothing rejects the case
  public RestrictionState after(Set<RestrictionList> asked, Optional<Reply> deferral) {
    return with(position.after(asked)).with(new Deferrals(deferral, deferIfReject()));
  }

  /// With the current list ended by `permit`.
  public RestrictionState permit() {
    return with(position.permit());
  }

  /// At another depth in results of tables and restriction classes.
  public RestrictionState atDepth(int changed) {
    return with(position.atDepth(changed));
  }

  /// With a deferral in case nothing rejects it; the first one counts.
  public RestrictionState deferIfPermit(Reply reply) {
    return with(deferrals.ifPermit(reply));
  }

  /// With a deferral in case something rejects it; the first one counts.
  public RestrictionState deferIfReject(Reply reply) {
    return with(deferrals.ifReject(reply));
  }

  /// With one more action for the whole message.
  public RestrictionState and(MessageAction action) {
    var more = new ArrayList<>(actions);
    more.add(action);
    return new RestrictionState(transaction, position, deferrals, more);
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

  public GivenPaths givenPaths() {
    return transaction.givenPaths();
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

  /// The verdict of what was noted, for a case that nothing has decided: it is deferred, or held;
  /// empty if nothing was noted.
  Optional<Verdict> inEffect() {
    return deferIfPermit().<Verdict>map(Verdict.Defer::new).or(this::held);
  }

  /// The verdict to hold the message, if that was noted.
  Optional<Verdict> held() {
    return actions.stream()
        .filter(MessageAction.Hold.class::isInstance)
        .map(MessageAction.Hold.class::cast)
        .findFirst()
        .map(hold -> new Verdict.Hold(hold.why()));
  }

  /// Whether the message is redirected, and so does not go through a content filter.
  public boolean redirected() {
    return actions.stream().anyMatch(MessageAction.Redirect.class::isInstance);
  }
}
