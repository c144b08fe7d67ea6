package org.caravanmta.reception.session;

import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The question at HELO and at MAIL when refusals are not delayed until there is a recipient (RFC
/// 5321 §4.1.4 lets a server refuse either; postfix `smtpd_delay_reject`).
record EarlyQuestion(Dialogue dialogue) {
  /// Asks the route, and replies to the command if it is refused.
  ///
  /// @param goOn takes the findings when the command is not refused
  void ask(Verb verb, Case.Connection question, Consumer<EarlierFindings> goOn) {
    dialogue
        .questions()
        .ask(
            question,
            body -> {
              switch (dialogue.answers().connection(body)) {
                case Verdict.Defer(Reply reply) -> refuse(verb, question, reply);
                case Verdict.Reject(Reply reply) -> refuse(verb, question, reply);
                case Verdict.Undecided(),
                    Verdict.Permit(),
                    Verdict.Hold _,
                    Verdict.Discard(_),
                    Verdict.Taken(_) ->
                    goOn.accept(EarlierFindings.NOTHING.and(body));
              }
            });
  }

  private void refuse(Verb verb, Case.Connection question, Reply said) {
    ReplyWriter writer = dialogue.writer();
    writer.done(verb, writer.logRefusal(verb.name(), question.client(), Optional.empty(), said));
  }
}
