package org.caravanmta.reception.session;

import java.util.function.Consumer;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// What happens between DATA and its 354, or before the first BDAT is taken, when the route has
/// restrictions for it (RFC 5321 §4.1.1.4): they are asked, and may refuse the message before it
/// comes.
final class DataQuestion {
  private final Reception reception;
  private final Client client;
  private final MailTransaction transaction;
  private final Questioning inquiries;

  DataQuestion(
      Reception reception, Client client, MailTransaction transaction, Questioning inquiries) {
    this.reception = reception;
    this.client = client;
    this.transaction = transaction;
    this.inquiries = inquiries;
  }

  /// @param refuse gives the reply
  /// @param goAhead lets the data come
  void ask(Consumer<Reply> refuse, Runnable goAhead) {
    if (!reception.atData().getAsBoolean()) {
      goAhead.run();
      return;
    }
    var question =
        new Case.Data(
            client,
            transaction.sender(),
            transaction.accepted(),
            Verdict.UNDECIDED,
            transaction.passage());
    inquiries.whenWelcome(_ -> inquiries.ask(question, body -> decided(body, refuse, goAhead)));
  }

  private void decided(Object body, Consumer<Reply> refuse, Runnable goAhead) {
    Verdict verdict = new Answers(reception, client).data(transaction, body);
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> refused(reply, refuse);
      case Verdict.Reject(Reply reply) -> refused(reply, refuse);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) -> {
        transaction.subject(verdict);
        transaction.order(Answers.actions(body));
        goAhead.run();
      }
    }
  }

  private void refused(Reply reply, Consumer<Reply> refuse) {
    Reply given = reception.settings().given(reply);
    SessionLog.rejected("DATA", client, transaction, transaction.only(), given);
    refuse.accept(given);
  }
}
