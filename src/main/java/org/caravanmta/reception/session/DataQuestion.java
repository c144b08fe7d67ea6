package org.caravanmta.reception.session;

import java.util.function.Consumer;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// What happens between DATA and its 354, or before the first BDAT is taken, when the route has
/// restrictions for it (RFC 5321 §4.1.1.4): they are asked, and may refuse the message before it
/// comes.
record DataQuestion(Dialogue dialogue) {
  /// @param refuse gives the reply
  /// @param goAhead lets the data come
  void ask(Consumer<Reply> refuse, Runnable goAhead) {
    if (!dialogue.reception().atData().getAsBoolean()) {
      goAhead.run();
      return;
    }
    MailTransaction transaction = dialogue.state().underWay();
    var question =
        new Case.Data(
            dialogue.state().client(),
            transaction.sender(),
            transaction.accepted(),
            Verdict.UNDECIDED,
            transaction.passage());
    Questioning questions = dialogue.questions();
    questions.whenWelcome(_ -> questions.ask(question, body -> decided(body, refuse, goAhead)));
  }

  private void decided(Object body, Consumer<Reply> refuse, Runnable goAhead) {
    MailTransaction transaction = dialogue.state().underWay();
    Verdict verdict = dialogue.answers().data(body);
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> refuse.accept(rejected(transaction, reply));
      case Verdict.Reject(Reply reply) -> refuse.accept(rejected(transaction, reply));
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) -> {
        transaction.subject(verdict);
        transaction.order(Answers.actions(body));
        goAhead.run();
      }
    }
  }

  private Reply rejected(MailTransaction transaction, Reply reply) {
    return dialogue.writer().rejected(Verb.DATA.name(), transaction.only(), reply);
  }
}
