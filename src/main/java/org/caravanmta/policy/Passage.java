package org.caravanmta.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.smtp.Reply;

/// A transaction's way along the restriction lists: where it is, and what has been noted on the way
/// (postfix `SMTPD_ACCESS_README`).
///
/// @param instance the same for all questions about one message
/// @param id the message's id; empty until it has one
/// @param size what MAIL has declared (RFC 1870 §4); 0 when it has not
/// @param said what MAIL and RCPT have said word for word
/// @param before the lists that have been asked at earlier commands, and are not asked again
/// @param list the list that is being asked
/// @param permitted whether a restriction has ended it
/// @param deferIfPermit the deferral that takes effect if nothing rejects the case
/// @param deferIfReject the deferral that takes a rejection's place
/// @param depth how many results of tables, or restriction classes, it is in
public record Passage(
    String instance,
    String id,
    long size,
    Said said,
    Set<RestrictionList> before,
    RestrictionList list,
    boolean permitted,
    Optional<Reply> deferIfPermit,
    Optional<Reply> deferIfReject,
    List<MessageAction> actions,
    int depth) {
  public static final Passage START = new Passage("", "", 0);

  public Passage {
    actions = List.copyOf(actions);
    before = Set.copyOf(before);
  }

  /// Before the first list, when nothing has been said.
  public Passage(String instance, String id, long size) {
    this(instance, id, size, Said.NOTHING);
  }

  /// Before the first list.
  public Passage(String instance, String id, long size, Said said) {
    this(
        instance,
        id,
        size,
        said,
        Set.of(),
        RestrictionList.NONE,
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        0);
  }

  /// At the start of a list. The relay and the recipient list are one as far as `defer_if_reject`
  /// goes.
  public Passage at(RestrictionList next) {
    return new Passage(
        instance,
        id,
        size,
        said,
        before,
        next,
        false,
        deferIfPermit,
        next == RestrictionList.RECIPIENT && list == RestrictionList.RELAY
            ? deferIfReject
            : Optional.empty(),
        actions,
        0);
  }

  /// With what has come of the lists that were asked at earlier commands.
  public Passage after(Set<RestrictionList> asked, Optional<Reply> deferral) {
    return new Passage(
        instance, id, size, said, asked, list, permitted, deferral, deferIfReject, actions, depth);
  }

  public Passage permit() {
    return new Passage(
        instance, id, size, said, before, list, true, deferIfPermit, deferIfReject, actions, depth);
  }

  /// With a deferral in case nothing rejects it; the first one counts.
  public Passage deferIfPermit(Reply reply) {
    return deferIfPermit.isPresent()
        ? this
        : new Passage(
            instance,
            id,
            size,
            said,
            before,
            list,
            permitted,
            Optional.of(reply),
            deferIfReject,
            actions,
            depth);
  }

  /// With a deferral in case something rejects it; the first one counts.
  public Passage deferIfReject(Reply reply) {
    return deferIfReject.isPresent()
        ? this
        : new Passage(
            instance,
            id,
            size,
            said,
            before,
            list,
            permitted,
            deferIfPermit,
            Optional.of(reply),
            actions,
            depth);
  }

  public Passage and(MessageAction action) {
    var more = new ArrayList<>(actions);
    more.add(action);
    return new Passage(
        instance,
        id,
        size,
        said,
        before,
        list,
        permitted,
        deferIfPermit,
        deferIfReject,
        more,
        depth);
  }

  /// What becomes of a case that nothing has decided: it is deferred, or held, if that was noted.
  Optional<Verdict> inEffect() {
    return deferIfPermit.<Verdict>map(Verdict.Defer::new).or(this::held);
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

  public Passage deep(int changed) {
    return new Passage(
        instance,
        id,
        size,
        said,
        before,
        list,
        permitted,
        deferIfPermit,
        deferIfReject,
        actions,
        changed);
  }
}
