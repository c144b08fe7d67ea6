package org.caravanmta.reception.session;

import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// What is asked at HELO and at MAIL where refusals are not delayed until there is a recipient
/// (postfix `smtpd_delay_reject`; RFC 5321 §4.1.4 lets a server refuse either).
record EarlyQuestion(Reception reception, Questioning inquiries) {
  /// @param refuse gives the reply to the command
  /// @param goOn takes what has come of it when nothing is against it
  void ask(Case.Connection question, Consumer<Reply> refuse, Consumer<EarlierFindings> goOn) {
    inquiries.ask(
        question,
        body -> {
          switch (new Answers(reception, question.client()).connection(body)) {
            case Verdict.Defer(Reply reply) -> refused(question, reply, refuse);
            case Verdict.Reject(Reply reply) -> refused(question, reply, refuse);
            case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
                goOn.accept(EarlierFindings.NOTHING.and(body));
          }
        });
  }

  private void refused(Case.Connection question, Reply said, Consumer<Reply> refuse) {
    Reply reply = reception.settings().given(said);
    SessionLog.rejected(question.command(), question.client(), null, Optional.empty(), reply);
    refuse.accept(reply);
  }
}
