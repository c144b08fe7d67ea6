package org.caravanmta.reception.session;

import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// What is asked at HELO and at MAIL where refusals are not delayed until there is a recipient
/// (postfix `smtpd_delay_reject`; RFC 5321 §4.1.4 lets a server refuse either).
record EarlyQuestion(Dialogue dialogue) {
  /// @param goOn takes what has come of it when nothing is against it
  void ask(Verb verb, Case.Connection question, Consumer<EarlierFindings> goOn) {
    dialogue
        .questions()
        .ask(
            question,
            body -> {
              switch (dialogue.answers().connection(body)) {
                case Verdict.Defer(Reply reply) -> refuse(verb, question, reply);
                case Verdict.Reject(Reply reply) -> refuse(verb, question, reply);
                case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
                    goOn.accept(EarlierFindings.NOTHING.and(body));
              }
            });
  }

  private void refuse(Verb verb, Case.Connection question, Reply said) {
    ReplyWriter writer = dialogue.writer();
    writer.done(verb, writer.rejected(verb.name(), question.client(), Optional.empty(), said));
  }
}
