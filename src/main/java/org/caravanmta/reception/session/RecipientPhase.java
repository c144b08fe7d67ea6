package org.caravanmta.reception.session;

import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.address.Address;
import org.caravanmta.message.Client;
import org.caravanmta.message.Recipient;
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
  private final MailTransaction transaction;
  private final Verdict welcome;
  private final EarlierFindings earlier;
  private final Questioning inquiries;
  private final Consumer<Reply> end;

  /// @param welcome the verdict on the connection
  /// @param earlier what else has come of it, and of HELO and MAIL
  /// @param end gives the reply
  RecipientPhase(
      Reception reception,
      Client client,
      MailTransaction transaction,
      Verdict welcome,
      EarlierFindings earlier,
      Questioning inquiries,
      Consumer<Reply> end) {
    this.reception = reception;
    this.client = client;
    this.transaction = transaction;
    this.welcome = welcome;
    this.earlier = earlier;
    this.inquiries = inquiries;
    this.end = end;
  }

  void begin(Command.Rcpt rcpt) {
    if (rcpt.bare()) {
      // RFC 5321 §4.5.1: whoever has trouble with us must be able to say so
      accept(rcpt);
      return;
    }
    switch (welcome) {
      case Verdict.Defer(Reply reply) -> refuse(rcpt.recipient(), reply);
      case Verdict.Reject(Reply reply) -> refuse(rcpt.recipient(), reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) -> ask(rcpt);
    }
  }

  private void ask(Command.Rcpt rcpt) {
    var question =
        new Case.Rcpt(
            client,
            transaction.sender(),
            rcpt.recipient(),
            transaction.count(),
            false,
            Verdict.UNDECIDED,
            transaction.passage(rcpt.given()).after(earlier.asked(), earlier.deferral()));
    // to a stage it goes, and comes back
    if (!inquiries.ask(question, 2 * MailTransaction.room(rcpt), body -> decided(rcpt, body))) {
      refuse(rcpt.recipient(), Replies.NO_ROOM);
    }
  }

  /// Takes what the route says of the recipient.
  private void decided(Command.Rcpt rcpt, Object body) {
    Address recipient = rcpt.recipient();
    Verdict verdict = new Answers(reception, client).recipient(transaction, recipient, body);
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> refuse(recipient, reply);
      case Verdict.Reject(Reply reply) -> refuse(recipient, reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) -> {
        transaction.after(earlier);
        transaction.subject(verdict);
        transaction.order(Answers.actions(body));
        accept(rcpt);
      }
    }
  }

  private void accept(Command.Rcpt rcpt) {
    if (transaction.id().isEmpty()) {
      String id = reception.ids().next();
      transaction.name(id);
      SessionLog.named(id, client, transaction.forwarded());
    }
    transaction.accept(
        new Recipient(
            rcpt.recipient(), rcpt.recipient(), rcpt.notifyOn(), rcpt.orcpt(), Optional.empty()),
        MailTransaction.room(rcpt));
    end.accept(Replies.RECIPIENT_OK);
  }

  private void refuse(Address recipient, Reply reply) {
    Reply given = reception.settings().given(reply);
    SessionLog.rejected("RCPT", client, transaction, Optional.of(recipient), given);
    end.accept(given);
  }
}
