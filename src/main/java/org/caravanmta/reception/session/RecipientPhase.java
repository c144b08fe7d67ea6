package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.CommandParser;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.RecipientLimits;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The part of a session between RCPT and its reply (RFC 5321 §4.1.1.3). A client whose connection
/// was refused is told so here, at each recipient, so that the log has sender and recipient
/// (postfix `smtpd_delay_reject`); for any other client the route is asked about the recipient.
final class RecipientPhase {
  private final Dialogue dialogue;
  private final SessionState state;
  private final ReplyWriter writer;
  private final Questioning questions;

  RecipientPhase(Dialogue dialogue) {
    this.dialogue = dialogue;
    this.state = dialogue.state();
    this.writer = dialogue.writer();
    this.questions = dialogue.questions();
  }

  /// Takes RCPT.
  void rcpt(Command.Rcpt rcpt) {
    state.about(Optional.of(rcpt.recipient()));
    MailTransaction transaction = state.underWay();
    RecipientLimits limits = dialogue.settings().smtp().recipients();
    if (state.lacks(Extension.DSN) && (rcpt.notifyOn().isPresent() || rcpt.orcpt().isPresent())) {
      writer.done(Verb.RCPT, Replies.DSN_DISABLED);
    } else if (!rcpt.recipient().isAscii() && !transaction.parameters().smtputf8()) {
      writer.done(Verb.RCPT, CommandParser.UNDECLARED_UTF8);
    } else if (transaction.recipientCount() < limits.most()) {
      if (takeRoom(rcpt, transaction)) {
        questions.whenWelcome(welcome -> welcomed(rcpt, welcome));
      } else {
        refuse(rcpt, Replies.NO_ROOM);
      }
    } else if (transaction.countExcess() <= limits.overshoot()) {
      writer.overlook(Verb.RCPT, Replies.TOO_MANY_RECIPIENTS);
    } else {
      writer.done(Verb.RCPT, Replies.TOO_MANY_RECIPIENTS);
    }
  }

  /// Takes the memory for one more recipient, if there is room.
  private boolean takeRoom(Command.Rcpt rcpt, MailTransaction transaction) {
    int bytes = transaction.room() + MailTransaction.room(rcpt);
    return dialogue.carrier().holding().grow(Holding.What.ENVELOPE, bytes);
  }

  /// @param welcome the verdict on the connection
  private void welcomed(Command.Rcpt rcpt, Verdict welcome) {
    if (rcpt.bare()) {
      // RFC 5321 §4.5.1: mail to the postmaster without a domain is always accepted
      tell(rcpt, state.underWay());
      return;
    }
    switch (welcome) {
      case Verdict.Defer(Reply reply) -> refuse(rcpt, reply);
      case Verdict.Reject(Reply reply) -> refuse(rcpt, reply);
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) ->
          ask(rcpt);
    }
  }

  private void ask(Command.Rcpt rcpt) {
    MailTransaction transaction = state.underWay();
    EarlierFindings earlier = state.beforeRecipient();
    var question =
        new Case.Rcpt(
            state.client(),
            transaction.sender(),
            rcpt.recipient(),
            transaction.recipientCount(),
            false,
            Verdict.UNDECIDED,
            transaction.restrictionState(rcpt.given()).after(earlier.asked(), earlier.deferral()));
    // a remote stage may get one copy and give another back
    int copies = 2 * MailTransaction.room(rcpt);
    if (!questions.ask(question, copies, body -> decided(rcpt, earlier, body))) {
      refuse(rcpt, Replies.NO_ROOM);
    }
  }

  /// Takes the route's answer about the recipient.
  private void decided(Command.Rcpt rcpt, EarlierFindings earlier, Object body) {
    MailTransaction transaction = state.underWay();
    Verdict verdict = dialogue.answers().recipient(state.transaction(), rcpt.recipient(), body);
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> refuse(rcpt, reply);
      case Verdict.Reject(Reply reply) -> refuse(rcpt, reply);
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) -> {
        transaction.include(earlier);
        transaction.note(verdict);
        transaction.order(Answers.actions(body));
        tell(rcpt, transaction);
      }
    }
  }

  /// Tells content filters of a recipient that nothing else is against.
  private void tell(Command.Rcpt rcpt, MailTransaction transaction) {
    dialogue
        .filters()
        .ask(
            event(rcpt),
            reply -> writer.refuse(Verb.RCPT, Optional.of(rcpt.recipient()), reply),
            verdict -> {
              transaction.note(verdict);
              accept(rcpt, transaction);
            });
  }

  private DialogueEvent.Recipient event(Command.Rcpt rcpt) {
    return new DialogueEvent.Recipient(
        rcpt.recipient(),
        rcpt.given(),
        rcpt.words(),
        state.transaction().flatMap(MailTransaction::id));
  }

  private void accept(Command.Rcpt rcpt, MailTransaction transaction) {
    if (transaction.id().isEmpty()) {
      String id = dialogue.reception().ids().next();
      transaction.assignId(id);
      Events.tell(new SessionEvent.Begun(id, state.client(), transaction.forwarded().toString()));
    }
    Address recipient = rcpt.recipient();
    transaction.accept(
        new Recipient(recipient, recipient, rcpt.notifyOn(), rcpt.orcpt(), Optional.empty()),
        MailTransaction.room(rcpt));
    writer.done(Verb.RCPT, Replies.RECIPIENT_OK);
  }

  private void refuse(Command.Rcpt rcpt, Reply reply) {
    dialogue
        .filters()
        .tell(
            new DialogueEvent.Refused(event(rcpt), reply),
            () -> writer.refuse(Verb.RCPT, Optional.of(rcpt.recipient()), reply));
  }
}
