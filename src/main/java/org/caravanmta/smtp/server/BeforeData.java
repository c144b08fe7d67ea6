package org.caravanmta.smtp.server;

import java.util.function.Consumer;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// What happens between DATA and its 354 when the route has restrictions for it (RFC 5321
/// §4.1.1.4): they are asked, and may refuse the message before it comes.
final class BeforeData {
  private final Reception reception;
  private final Client client;
  private final Transaction transaction;
  private final Runnable goAhead;
  private final Consumer<Reply> refuse;

  /// @param goAhead lets the data come
  /// @param refuse gives the reply
  BeforeData(
      Reception reception,
      Client client,
      Transaction transaction,
      Runnable goAhead,
      Consumer<Reply> refuse) {
    this.reception = reception;
    this.client = client;
    this.transaction = transaction;
    this.goAhead = goAhead;
    this.refuse = refuse;
  }

  Case.Data question() {
    return new Case.Data(
        client,
        transaction.sender(),
        transaction.accepted(),
        Verdict.UNDECIDED,
        transaction.passage());
  }

  /// Takes what the route says.
  void decided(Object body) {
    Verdict verdict = new Answers(reception, client).data(transaction, body);
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> refused(reply);
      case Verdict.Reject(Reply reply) -> refused(reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) -> {
        transaction.subject(verdict);
        transaction.order(Answers.actions(body));
        goAhead.run();
      }
    }
  }

  private void refused(Reply reply) {
    Reply given = reception.settings().given(reply);
    SessionLog.rejected("DATA", client, transaction, transaction.only(), given);
    refuse.accept(given);
  }
}
