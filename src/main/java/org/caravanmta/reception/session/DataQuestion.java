package org.caravanmta.reception.session;

import java.util.function.Consumer;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The question between DATA and its 354, or before the first chunk of BDAT: restrictions for data
/// may refuse the message before its content comes (RFC 5321 §4.1.1.4; postfix
/// `smtpd_data_restrictions`).
record DataQuestion(Dialogue dialogue) {
  /// Asks the route, if it has such restrictions.
  ///
  /// @param refuse takes the reply when the message is refused
  /// @param goAhead run when the content may come
  void ask(Consumer<Reply> refuse, Runnable goAhead) {
    if (!dialogue.reception().atData().getAsBoolean()) {
      tell(refuse, goAhead);
      return;
    }
    MailTransaction transaction = dialogue.state().underWay();
    var question =
        new Case.Data(
            dialogue.state().client(),
            transaction.sender(),
            transaction.accepted(),
            Verdict.UNDECIDED,
            transaction.restrictionState());
    Questioning questions = dialogue.questions();
    questions.whenWelcome(_ -> questions.ask(question, body -> decided(body, refuse, goAhead)));
  }

  private void decided(Object body, Consumer<Reply> refuse, Runnable goAhead) {
    MailTransaction transaction = dialogue.state().underWay();
    Verdict verdict = dialogue.answers().data(body);
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> refuse.accept(rejected(transaction, reply));
      case Verdict.Reject(Reply reply) -> refuse.accept(rejected(transaction, reply));
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) -> {
        transaction.note(verdict);
        transaction.order(Answers.actions(body));
        tell(refuse, goAhead);
      }
    }
  }

  /// Tells content filters that the content is to come.
  private void tell(Consumer<Reply> refuse, Runnable goAhead) {
    MailTransaction transaction = dialogue.state().underWay();
    dialogue
        .questions()
        .whenWelcome(
            _ ->
                dialogue
                    .filters()
                    .ask(
                        new DialogueEvent.Data(transaction.id().orElseThrow()),
                        reply -> refuse.accept(rejected(transaction, reply)),
                        verdict -> {
                          transaction.note(verdict);
                          goAhead.run();
                        }));
  }

  private Reply rejected(MailTransaction transaction, Reply reply) {
    return dialogue.writer().logRefusal(Verb.DATA.name(), transaction.onlyRecipient(), reply);
  }
}
