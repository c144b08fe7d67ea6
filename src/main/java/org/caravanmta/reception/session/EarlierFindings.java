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

/// What has come of the questions about a client, its HELO and a sender by the time there is a
/// recipient (RFC 5321 §3.3), none of which refused anything.
///
/// @param asked the lists that have been asked
/// @param deferral of what nothing rejects
/// @param actions for the message
/// @param verdicts that hold or discard it
record EarlierFindings(
    Set<RestrictionList> asked,
    Optional<Reply> deferral,
    List<MessageAction> actions,
    List<Verdict> verdicts) {
  static final EarlierFindings NOTHING =
      new EarlierFindings(Set.of(), Optional.empty(), List.of(), List.of());

  /// With the route's answer to one question more.
  EarlierFindings and(Object answer) {
    if (!(answer instanceof Case.Connection question)) {
      return this;
    }
    var lists = EnumSet.noneOf(RestrictionList.class);
    lists.addAll(asked);
    // a route without restrictions in this place has asked none
    if (question.passage().list() != RestrictionList.NONE) {
      lists.add(question.list());
    }
    return new EarlierFindings(
        lists,
        deferral.or(question.passage()::deferIfPermit),
        joined(actions, question.passage().actions()),
        joined(verdicts, List.of(question.outcome())));
  }

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
