package org.caravanmta.restriction;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.caravanmta.event.Events;
import org.caravanmta.event.RestrictionEvent;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.RestrictionList;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// What the finding of a restriction does to a case (postfix `SMTPD_ACCESS_README`).
///
/// @param classes puts a case to a restriction class by its name; empty when there is no class of
///   this name
record Evaluation(BiFunction<String, Case.Listed, Optional<Case.Listed>> classes) {
  /// Results of tables that name restrictions that ask tables, and so on.
  private static final int DEEPEST = 100;

  /// The case after this restriction; the same when its list has ended or it is decided.
  Case.Listed after(Case.Listed c, Finding.Entry entry) {
    if (!c.asking() || !concerns(c)) {
      return c;
    }
    var asked = RestrictedCase.of(c);
    return switch (entry.restriction().ask(asked)) {
      case Finding.Dunno() -> c;
      case Finding.Ok() -> permitted(c);
      case Finding.Ours() -> vouchedFor(c);
      case Finding.Refused(Reply reply, boolean fault) -> {
        if (entry.warn() && !fault) {
          yield warned(c, asked, reply);
        }
        yield refused(c, reply);
      }
      case Finding.DeferIfPermit(Reply reply) ->
          entry.warn()
              ? warned(c, asked, reply)
              : noted(c, c.restrictionState().deferIfPermit(reply));
      case Finding.DeferIfReject(Reply reply) ->
          entry.warn()
              ? warned(c, asked, reply)
              : noted(c, c.restrictionState().deferIfReject(reply));
      case Finding.Discard(String why) -> {
        say("discard", asked, why);
        yield vouchedFor(c).decided(new Verdict.Discard(why));
      }
      case Finding.Noted(MessageAction action, String word, String text) -> {
        if (!word.isEmpty()) {
          say(word, asked, text);
        }
        yield ordered(c, action);
      }
      case Finding.Said(String word, String text) -> {
        say(word, asked, text);
        yield c;
      }
      case Finding.Further(var entries) -> {
        var deeper = deeper(c);
        for (Finding.Entry further : entries) {
          deeper =
              after(
                  deeper, new Finding.Entry(entry.warn() || further.warn(), further.restriction()));
        }
        yield deeper.with(deeper.restrictionState().atDepth(c.restrictionState().depth()));
      }
      case Finding.OfClass(String name) -> {
        Case.Listed deeper = deeper(c);
        yield deeper.asking()
            ? classes
                .apply(name, deeper)
                .map(
                    back ->
                        back.with(back.restrictionState().atDepth(c.restrictionState().depth())))
                .orElseGet(() -> c.decided(new Verdict.Defer(fault())))
            : deeper;
      }
    };
  }

  /// Before there is a recipient a list is asked at the command that it is about, and then not
  /// again.
  private static boolean concerns(Case.Listed c) {
    RestrictionList list = c.restrictionState().list();
    return switch (c) {
      case Case.Connection early -> list == RestrictionList.NONE || list == early.list();
      case Case.Rcpt _ -> !c.restrictionState().before().contains(list);
      case Case.Data _, Case.Message _ -> true;
    };
  }

  private static Case.Listed permitted(Case.Listed c) {
    Case.Listed ours = c.restrictionState().list() == RestrictionList.RELAY ? vouchedFor(c) : c;
    return ours.with(ours.restrictionState().permit());
  }

  private static Case.Listed vouchedFor(Case.Listed c) {
    return switch (c) {
      case Case.Rcpt rcpt -> rcpt.vouchedFor();
      case Case.Connection _, Case.Data _, Case.Message _ -> c;
    };
  }

  private static Case.Listed refused(Case.Listed c, Reply reply) {
    if (reply.transientFailure()) {
      return c.decided(new Verdict.Defer(reply));
    }
    return c.decided(
        c.restrictionState()
            .deferIfReject()
            .<Verdict>map(Verdict.Defer::new)
            .orElseGet(() -> new Verdict.Reject(reply)));
  }

  private static Case.Listed warned(Case.Listed c, RestrictedCase asked, Reply reply) {
    say("reject_warning", asked, reply.toString());
    return c;
  }

  /// @param word for what is done, `warn`
  private static void say(String word, RestrictedCase asked, String text) {
    Events.tell(
        new RestrictionEvent.Noted(
            asked.restrictionState().id(),
            word,
            asked.state(),
            asked.client(),
            asked.sender(),
            asked.recipient(),
            text));
  }

  /// With both deferrals noted nothing else can come of it.
  private static Case.Listed noted(Case.Listed c, RestrictionState restrictionState) {
    Case.Listed noted = c.with(restrictionState);
    return restrictionState.deferIfPermit().isPresent()
            && restrictionState.deferIfReject().isPresent()
        ? noted.decided(new Verdict.Defer(restrictionState.deferIfPermit().get()))
        : noted;
  }

  /// Behind the end of data the message is here to be changed; before, it is noted.
  private static Case.Listed ordered(Case.Listed c, MessageAction action) {
    return switch (c) {
      case Case.Connection _, Case.Rcpt _, Case.Data _ -> c.with(c.restrictionState().and(action));
      case Case.Message message -> {
        yield message
            .with(MessageAction.apply(List.of(action), message.mail()))
            .with(message.restrictionState().and(action));
      }
    };
  }

  private static Case.Listed deeper(Case.Listed c) {
    int depth = c.restrictionState().depth() + 1;
    if (depth > DEEPEST) {
      Events.tell(
          new RestrictionEvent.Undecided(
              "restrictions: more than "
                  + DEEPEST
                  + " within each other: a table, a policy server or a restriction class names"
                  + " itself"));
      return c.decided(new Verdict.Defer(fault()));
    }
    return c.with(c.restrictionState().atDepth(depth));
  }

  private static Reply fault() {
    return Reply.of(451, "4.3.5", "Server configuration error");
  }
}
