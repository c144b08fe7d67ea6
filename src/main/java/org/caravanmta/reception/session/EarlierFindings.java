package org.caravanmta.reception.session;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RestrictionList;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// What the questions about a client, its HELO and a sender have found before there is a recipient
/// (RFC 5321 §3.3), when none of them has refused anything.
///
/// @param asked the restriction lists that have been asked
/// @param deferral the reply to a recipient that nothing rejects (postfix `defer_if_permit`)
/// @param actions what restrictions have ordered for the message
/// @param verdicts whether the message is to be held or discarded
record EarlierFindings(
    Set<RestrictionList> asked,
    Optional<Reply> deferral,
    List<MessageAction> actions,
    List<Verdict> verdicts) {
  /// Nothing has been asked yet.
  static final EarlierFindings NOTHING =
      new EarlierFindings(Set.of(), Optional.empty(), List.of(), List.of());

  /// These findings and those in the route's answer to one more question; a body that is not such
  /// an answer adds nothing.
  EarlierFindings and(Object answer) {
    if (!(answer instanceof Case.Connection question)) {
      return this;
    }
    var lists = EnumSet.noneOf(RestrictionList.class);
    lists.addAll(asked);
    // a route without restrictions for this question has not asked its list
    if (question.restrictionState().list() != RestrictionList.NONE) {
      lists.add(question.list());
    }
    return new EarlierFindings(
        lists,
        deferral.or(question.restrictionState()::deferIfPermit),
        joined(actions, question.restrictionState().actions()),
        joined(verdicts, List.of(question.outcome())));
  }

  /// These findings and later ones; of two deferrals the earlier one counts.
  EarlierFindings and(EarlierFindings next) {
    var lists = EnumSet.noneOf(RestrictionList.class);
    lists.addAll(asked);
    lists.addAll(next.asked);
    return new EarlierFindings(
        lists,
        deferral.or(next::deferral),
        joined(actions, next.actions),
        joined(verdicts, next.verdicts));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}
