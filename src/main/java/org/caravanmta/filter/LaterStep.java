package org.caravanmta.filter;

import java.util.OptionalDouble;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// A content filter as a step of a route after the queue, where nobody waits for its answer, and of
/// what lies in the quarantine.
///
/// @param written the step, as the route names it
/// @param whole sees whole messages
record LaterStep(
    String written,
    StepNews news,
    DefaultAction defaultAction,
    FilterHouse house,
    MessageFilter whole) {
  /// The message as the filter leaves it, after the queue. One that it has passed before, when a
  /// later filter gave no answer, or set it aside, is not shown to it again. What is set aside is
  /// not shown to a filter that takes over what it passes: it would be delivered.
  Filtered check(Filtered filtered) {
    Mail mail = filtered.mail();
    if (!filtered.isToBeSeen()
        || filtered.isAside() && whole.takesOver()
        || mail.envelope().passage().passed().contains(written)) {
      return filtered;
    }
    try {
      return checked(filtered, mail);
    } catch (RuntimeException e) {
      String why = news.broken(mail.id(), e);
      news.unanswered(mail.id(), why, defaultAction.word());
      return unanswered(filtered, why);
    }
  }

  private Filtered checked(Filtered filtered, Mail mail) {
    FilterAnswer answer = whole.examine(house.examined(mail, true));
    Judgement judgement = answer.judgement();
    if (judgement instanceof Judgement.NoAnswer(String why, _)) {
      news.unanswered(mail.id(), why, defaultAction.word());
      return unanswered(filtered, why);
    }
    news.answered(mail, answer);
    if (!(judgement instanceof Judgement.Pass || judgement instanceof Judgement.Quarantine)) {
      if (judgement instanceof Judgement.Refuse(Reply reply)) {
        return refused(filtered, reply, answer.score());
      }
      if (judgement instanceof Judgement.Discard) {
        house.refused(mail, written, judgement, answer.score());
      }
      return filtered.decided(judgement, written, answer.score());
    }
    Case.Message asked = question(filtered);
    Case.Message edited = house.edited(asked, answer);
    if (!edited.verdict().equals(asked.verdict())) {
      return filtered.decided(
          new Judgement.NoAnswer("what it adds cannot be rewritten: " + edited.verdict()), written);
    }
    if (edited.mail().recipients().isEmpty()) {
      news.judged(mail, FilterHouse.NOBODY);
      house.refused(mail, written, FilterHouse.NOBODY, answer.score());
      return filtered.decided(FilterHouse.NOBODY, written, answer.score());
    }
    Filtered seen = filtered.with(passed(edited.mail()));
    return judgement instanceof Judgement.Quarantine(String why)
        ? aside(seen, why, answer.score())
        : seen;
  }

  private Filtered aside(Filtered seen, String why, OptionalDouble score) {
    return seen.with(house.detained(seen.mail(), written, why, score))
        .decided(new Judgement.Quarantine(why), written, score);
  }

  /// What is to be dropped leaves nothing behind, and those it was for are told. So are those whose
  /// mail is returned.
  private Filtered refused(Filtered filtered, Reply reply, OptionalDouble score) {
    Mail mail = filtered.mail();
    var refusal = new Judgement.Refuse(reply);
    if (!reply.permanentFailure() || !house.refused().ends(mail)) {
      return filtered.decided(refusal, written, score);
    }
    house.refused(mail, written, refusal, score);
    return filtered.decided(
        house.refused().drops(mail) ? new Judgement.Discard(reply.toString()) : refusal,
        written,
        score);
  }

  private static Case.Message question(Filtered filtered) {
    var message = new Case.Message(filtered.mail());
    return filtered.judgement() instanceof Judgement.Quarantine(String why)
        ? message.decided(new Verdict.Hold(why, Queues.QUARANTINE))
        : message;
  }

  /// What the filter says now of a message in the quarantine. Nothing stands in for an answer.
  SecondOpinion again(Mail mail) {
    FilterAnswer answer = whole.examine(house.examined(mail, true));
    return switch (answer.judgement()) {
      case Judgement.Pass _ -> {
        Case.Message edited = house.edited(new Case.Message(mail), answer);
        if (edited.mail().recipients().isEmpty()) {
          yield new SecondOpinion.Stays(FilterHouse.NOBODY.why(), answer.score());
        }
        yield edited.open()
            ? new SecondOpinion.Passes(edited.mail())
            : new SecondOpinion.Unknown("what it adds cannot be rewritten: " + edited.verdict());
      }
      case Judgement.Quarantine(String why) -> new SecondOpinion.Stays(why, answer.score());
      case Judgement.Discard(String why) -> new SecondOpinion.Stays(why, answer.score());
      case Judgement.Refuse(Reply reply) ->
          reply.permanentFailure()
              ? new SecondOpinion.Stays(reply.toString(), answer.score())
              : new SecondOpinion.Unknown(reply.toString());
      case Judgement.Disconnect(Reply reply) -> new SecondOpinion.Unknown(reply.toString());
      case Judgement.Taken(Reply reply) -> new SecondOpinion.Taken(reply.toString());
      case Judgement.NoAnswer(String why, _) -> new SecondOpinion.Unknown(why);
    };
  }

  /// After the queue, what is not known is asked again later.
  private Filtered unanswered(Filtered filtered, String why) {
    Mail mail = filtered.mail();
    return switch (defaultAction.judgement(why)) {
      case Judgement.Refuse(Reply reply) when reply.permanentFailure() ->
          refused(filtered, reply, OptionalDouble.empty());
      case Judgement.Quarantine(String told) ->
          aside(filtered.with(passed(mail)), told, OptionalDouble.empty());
      case Judgement.Pass _ ->
          filtered.with(
              passed(
                  defaultAction == DefaultAction.MARK ? FilterHouse.marked(mail, written) : mail));
      case Judgement.Refuse _,
          Judgement.Disconnect _,
          Judgement.Discard _,
          Judgement.Taken _,
          Judgement.NoAnswer _ ->
          filtered.decided(new Judgement.NoAnswer(why), written);
    };
  }

  private Mail passed(Mail mail) {
    return mail.with(mail.envelope().with(mail.envelope().passage().and(written)));
  }
}
