package org.caravanmta.smtp.server;

import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.address.Address;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;

/// What happens between RCPT and its reply (RFC 5321 §4.1.1.3). What was decided against the client
/// at its connection is said here, to each recipient, so that the log knows whose mail it was
/// (Postfix: smtpd_delay_reject); then the route is asked about the recipient.
final class RecipientPhase {
  private final Reception reception;
  private final Client client;
  private final Transaction transaction;
  private final Verdict welcome;
  private final Consumer<Case.Rcpt> ask;
  private final Consumer<Reply> end;

  /// @param welcome the verdict on the connection
  /// @param ask puts the recipient to the route; its answer comes to {@link #decided}
  /// @param end gives the reply
  RecipientPhase(
      Reception reception,
      Client client,
      Transaction transaction,
      Verdict welcome,
      Consumer<Case.Rcpt> ask,
      Consumer<Reply> end) {
    this.reception = reception;
    this.client = client;
    this.transaction = transaction;
    this.welcome = welcome;
    this.ask = ask;
    this.end = end;
  }

  void begin(Command.Rcpt rcpt) {
    if (rcpt.bare()) {
      // RFC 5321 §4.5.1: whoever has trouble with us must be able to say so
      accept(rcpt.recipient());
      return;
    }
    switch (welcome) {
      case Verdict.Defer(Reply reply) -> refuse(rcpt.recipient(), reply);
      case Verdict.Reject(Reply reply) -> refuse(rcpt.recipient(), reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
          ask.accept(
              new Case.Rcpt(
                  client,
                  transaction.sender(),
                  rcpt.recipient(),
                  transaction.accepted(),
                  false,
                  Verdict.UNDECIDED,
                  transaction.passage()));
    }
  }

  /// Takes what the route says of the recipient.
  void decided(Address recipient, Object body) {
    Verdict verdict = new Answers(reception, client).recipient(transaction, recipient, body);
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> refuse(recipient, reply);
      case Verdict.Reject(Reply reply) -> refuse(recipient, reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) -> {
        transaction.subject(welcome);
        transaction.subject(verdict);
        transaction.order(Answers.actions(body));
        accept(recipient);
      }
    }
  }

  private void accept(Address recipient) {
    if (transaction.id().isEmpty()) {
      String id = reception.ids().next();
      transaction.name(id);
      SessionLog.named(id, client, transaction.forwarded());
    }
    transaction.accept(recipient);
    end.accept(Replies.RECIPIENT_OK);
  }

  private void refuse(Address recipient, Reply reply) {
    Reply given = reception.settings().given(reply);
    SessionLog.rejected("RCPT", client, transaction, Optional.of(recipient), given);
    end.accept(given);
  }
}
