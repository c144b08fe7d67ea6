package org.caravanmta.filter;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FieldText;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.hooks.ProgramQueue;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// What every step needs to show a message to a filter, and to make it anew.
///
/// @param hostname the name of this server
/// @param ids makes the names of bodies in the store
/// @param inline the most bytes of a body in a queue message
/// @param programs the queue of a program, by its name
/// @param refused what becomes of a message that a filter after the queue refuses
/// @param refusals hears of what filters keep from its recipients
/// @param rewriting of the addresses of a message that comes in, as of recipients that filters add
record FilterHouse(
    String hostname,
    ContentStore store,
    Supplier<String> ids,
    int inline,
    UnaryOperator<Case> rewriting,
    Function<String, ProgramQueue> programs,
    AfterQueueSettings.Refused refused,
    Refusals refusals,
    InstantSource clock) {
  /// Of a filter that has removed each recipient: as in Postfix, there is nobody to deliver to.
  static final Judgement.Discard NOBODY = new Judgement.Discard("no recipient is left");

  /// Nobody gets a message, unless a later filter adds a recipient, or sets it aside. Its
  /// recipients stay with it, for those filters and for the log.
  static final Verdict LEFT = new Verdict.Discard(NOBODY.why());

  /// The message as a filter gets it.
  ///
  /// @param later whether no client waits for the answer
  Examined examined(Mail mail, boolean later) {
    // programs write lines that end with LF alone, which would leave us as they are
    ContentWriter.Ends ends =
        mail.envelope().parameters().binary() ? ContentWriter.Ends.KEPT : ContentWriter.Ends.CRLF;
    return new Examined(
        mail,
        hostname,
        store::read,
        () -> new ContentWriter(store, ids.get(), inline, ends),
        later);
  }

  /// The message with the edits of a filter; decided, if the addresses that the filter adds cannot
  /// be rewritten. What is set aside keeps its recipients if a filter removes all of them:
  /// released, it must have somewhere to go.
  Case.Message edited(Case.Message message, FilterAnswer answer) {
    try {
      Mail mail = message.mail();
      boolean left = message.verdict().equals(LEFT);
      Mail edited =
          EditedMail.edit(
              left ? mail.with(List.of()) : mail,
              answer.edits(),
              recipient -> rewritten(mail, recipient));
      Case.Message open = left ? message.decided(Verdict.UNDECIDED) : message;
      if (!edited.recipients().isEmpty()) {
        return open.with(edited);
      }
      boolean aside =
          answer.judgement() instanceof Judgement.Quarantine
              || message.verdict() instanceof Verdict.Hold;
      return aside ? open.with(edited.with(mail.recipients())) : message.with(edited);
    } catch (NotRewritten e) {
      return message.decided(e.verdict);
    }
  }

  /// The message, to be set aside when it has been accepted.
  Case.Message detained(Case.Message message, String filter, String why, OptionalDouble score) {
    return message
        .with(detained(message.mail(), filter, why, score))
        .decided(new Verdict.Hold(why, Queues.QUARANTINE));
  }

  /// The message with a note of what has set it aside.
  Mail detained(Mail mail, String filter, String why, OptionalDouble score) {
    var custody = new Custody(filter, why, score, clock.instant());
    return mail.with(mail.envelope().with(mail.envelope().passage().in(custody)));
  }

  /// Has those told for whom a message was, if it does not reach them.
  void refused(Mail mail, String filter, Judgement judgement, OptionalDouble score) {
    switch (judgement) {
      case Judgement.Refuse(Reply reply) when reply.permanentFailure() ->
          refusals.note(mail, filter, "rejected: " + reply + said(score));
      case Judgement.Discard(String why) ->
          refusals.note(mail, filter, "discarded: " + why + said(score));
      case Judgement.Refuse _,
          Judgement.Disconnect _,
          Judgement.Quarantine _,
          Judgement.Taken _,
          Judgement.NoAnswer _,
          Judgement.Pass _ -> {
        // it comes again, or it has arrived
      }
    }
  }

  private static String said(OptionalDouble score) {
    return score.isPresent() ? " (score " + score.getAsDouble() + ")" : "";
  }

  /// With a field that says that a filter has not seen it.
  static Mail marked(Mail mail, String what) {
    try {
      return mail.with(mail.headers().append(FieldText.of("X-Not-Filtered", what)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Recipient> rewritten(Mail mail, Recipient added) {
    Case rewritten =
        rewriting.apply(new Case.Message(mail.with(Headers.of(List.of())).with(List.of(added))));
    if (rewritten instanceof Case.Message message && message.open()) {
      return message.mail().recipients();
    }
    throw new NotRewritten(rewritten.verdict());
  }

  /// The tables for an added recipient do not answer, or refuse it.
  private static final class NotRewritten extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Verdict verdict;

    NotRewritten(Verdict verdict) {
      this.verdict = verdict;
    }
  }
}
