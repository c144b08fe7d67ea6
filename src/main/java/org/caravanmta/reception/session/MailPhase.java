package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.policy.GivenPaths;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The part of a session between MAIL and its reply (RFC 5321 §4.1.1.2): parameters that we do not
/// serve and a message that is too large are refused, the route is asked if refusals are not
/// delayed, and a transaction begins.
final class MailPhase {
  private final Dialogue dialogue;
  private final SessionTerms settings;
  private final SessionState state;
  private final ReplyWriter writer;
  private final Intermediary intermediary;
  private final EarlyQuestion question;

  MailPhase(Dialogue dialogue, Intermediary intermediary) {
    this.dialogue = dialogue;
    this.settings = dialogue.settings();
    this.state = dialogue.state();
    this.writer = dialogue.writer();
    this.intermediary = intermediary;
    this.question = new EarlyQuestion(dialogue);
  }

  /// Takes MAIL.
  void mail(Command.Mail mail) {
    Optional<Reply> unsupported = unsupported(mail);
    if (unsupported.isPresent()) {
      writer.done(Verb.MAIL, unsupported.get());
      return;
    }
    boolean tooLarge = mail.size().orElse(0) > settings.smtp().message().sizeLimit().bytes();
    if (tooLarge || !dialogue.reception().roomLeft().getAsBoolean()) {
      Reply reply = tooLarge ? Replies.SIZE_TOO_LARGE : Replies.NO_ROOM;
      Events.tell(
          new SessionEvent.Refused(
              Verb.MAIL.name(),
              state.client(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              reply));
      writer.done(Verb.MAIL, reply);
    } else if (settings.smtp().conduct().delayReject()) {
      begin(mail, EarlierFindings.NOTHING);
    } else {
      EarlierFindings earlier = state.beforeMail();
      question.ask(
          Verb.MAIL,
          new Case.Connection(
              state.client(),
              Verdict.UNDECIDED,
              new RestrictionState("", "", mail.size().orElse(0), givenPaths(mail))
                  .after(earlier.asked(), earlier.deferral()),
              Verb.MAIL.name(),
              mail.sender()),
          found -> begin(mail, found));
    }
  }

  /// Why a parameter is refused: its extension is not offered to this client, or to any. Absent
  /// when none is refused.
  private Optional<Reply> unsupported(Command.Mail mail) {
    if (state.lacks(Extension.DSN)
        && (mail.parameters().ret().isPresent() || mail.parameters().envid().isPresent())) {
      return Optional.of(Replies.DSN_DISABLED);
    }
    if (state.lacks(Extension.SMTPUTF8) && mail.parameters().smtputf8()) {
      return Optional.of(Replies.UTF8_UNSUPPORTED);
    }
    if (mail.parameters().verp().isPresent()
        && (state.lacks(Extension.XVERP)
            || !settings.smtp().verp().clients().contains(state.client().address()))) {
      return Optional.of(Replies.VERP_UNSUPPORTED);
    }
    if (mail.parameters().requireTls() && state.lacks(Extension.REQUIRETLS)) {
      return Optional.of(Replies.REQUIRETLS_UNSUPPORTED);
    }
    // RFC 8689 §4.1: what has come in the clear cannot ask for it
    if (mail.parameters().requireTls() && state.client().tls().isEmpty()) {
      return Optional.of(Replies.REQUIRETLS_IN_CLEAR);
    }
    if (mail.parameters().binary() && !settings.smtp().offers().binarymime()) {
      return Optional.of(Replies.BINARY_UNSUPPORTED);
    }
    return Optional.empty();
  }

  private static GivenPaths givenPaths(Command.Mail mail) {
    return new GivenPaths(mail.given(), "", mail.submitter());
  }

  private void begin(Command.Mail mail, EarlierFindings found) {
    dialogue
        .filters()
        .ask(
            new DialogueEvent.Sender(mail.sender(), mail.given(), mail.words()),
            reply -> writer.refuse(Verb.MAIL, Optional.empty(), reply),
            verdict -> begin(mail, found, verdict));
  }

  /// @param filtered what content filters say: whether the message is to be held or discarded
  private void begin(Command.Mail mail, EarlierFindings found, Verdict filtered) {
    var begun =
        new MailTransaction(
            mail.sender(),
            mail.parameters(),
            intermediary.takeForwarded(),
            mail.size().orElse(0),
            givenPaths(mail));
    begun.note(filtered);
    if (dialogue.carrier().holding().grow(Holding.What.ENVELOPE, begun.room())) {
      state.begin(begun, found);
      writer.done(Verb.MAIL, Replies.SENDER_OK);
    } else {
      writer.refuse(Verb.MAIL, Optional.empty(), Replies.NO_ROOM);
    }
  }
}
