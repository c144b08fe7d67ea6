package org.caravanmta.reception.session;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.policy.RestrictionState;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The beginning of a session (RFC 5321 §3.1, §3.2): our greeting to a client that has connected,
/// and its HELO or EHLO; all of it once more after XCLIENT, with another client.
final class GreetingPhase {
  private final Dialogue dialogue;
  private final SessionTerms settings;
  private final SessionState state;
  private final ReplyWriter writer;
  private final Questioning questions;
  private final Quota quota;
  private final Protection protection;
  private final Intermediary intermediary;
  private final EarlyQuestion question;
  private final DiscardLookup discards;

  GreetingPhase(Dialogue dialogue, Quota quota, Protection protection, Intermediary intermediary) {
    this.dialogue = dialogue;
    this.settings = dialogue.settings();
    this.state = dialogue.state();
    this.writer = dialogue.writer();
    this.questions = dialogue.questions();
    this.quota = quota;
    this.protection = protection;
    this.intermediary = intermediary;
    this.question = new EarlyQuestion(dialogue);
    this.discards = new DiscardLookup(dialogue);
  }

  /// Takes a client that has just connected, or been put in place of another: turns it away if it
  /// has too many connections, else greets it and asks the route about it.
  void connected() {
    Optional<Reply> excess = quota.connect(state.client());
    state.connected();
    if (excess.isPresent()) {
      writer.turnAway(excess.get());
      return;
    }
    boolean later = settings.smtp().conduct().delayReject() && !dialogue.filters().followed();
    if (later) {
      greet();
    }
    questions.connected(new Case.Connection(state.client(), Verdict.UNDECIDED), this::known);
    if (!later) {
      questions.whenWelcome(this::welcomed);
    }
  }

  /// Takes the route's answer about the connection, which also knows the name of the client.
  private Verdict known(Object body) {
    state.foundAtConnect(EarlierFindings.NOTHING.and(body));
    Verdict verdict = dialogue.answers().connection(body);
    state.knows(ClientFacts.named(state.client(), body));
    return verdict;
  }

  /// Greets or refuses a client whose greeting waits for the verdict on its connection.
  private void welcomed(Verdict verdict) {
    boolean delayed = settings.smtp().conduct().delayReject();
    switch (verdict) {
      case Verdict.Defer(Reply reply) when !delayed -> deny(reply);
      case Verdict.Reject(Reply reply) when !delayed -> deny(reply);
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_),
          Verdict.Defer _,
          Verdict.Reject _ ->
          dialogue
              .filters()
              .connected(
                  new DialogueEvent.Connected(quota.connections(state.client())), this::filtered);
    }
  }

  /// Greets a client, or says in place of the greeting that a filter has refused it (postfix
  /// `smtpd(8)`).
  private void filtered(Optional<Reply> refusal) {
    if (refusal.isEmpty()) {
      greet();
      return;
    }
    Reply reply = writer.logRefusal("CONNECT", Optional.empty(), refusal.get());
    if (ReplyWriter.isLast(reply)) {
      writer.close(reply);
    } else if (reply.permanentFailure()) {
      writer.send(dialogue.replies().unwelcome());
    } else {
      greet();
    }
  }

  private void greet() {
    writer.send(Replies.greeting(settings.rules().greeting()));
  }

  /// Refuses a client in place of the greeting (RFC 5321 §3.1).
  private void deny(Reply said) {
    state.deny();
    Reply reply = writer.logRefusal("CONNECT", Optional.empty(), said);
    if (ReplyWriter.isLast(reply)) {
      writer.close(reply);
    } else {
      writer.send(reply);
    }
  }

  /// Takes HELO or EHLO, which also ends a transaction (RFC 5321 §4.1.4).
  void hello(Command.Hello hello) {
    state.forget();
    Client greeted = ClientFacts.greeted(state.client(), hello);
    if (settings.smtp().conduct().delayReject()) {
      hello(hello.verb(), greeted);
      return;
    }
    // the state changes only when HELO is not refused
    EarlierFindings earlier = state.beforeHello();
    question.ask(
        hello.verb(),
        new Case.Connection(
            greeted,
            Verdict.UNDECIDED,
            RestrictionState.START.after(earlier.asked(), earlier.deferral()),
            hello.verb().name(),
            ReversePath.NULL),
        found -> {
          state.foundAtHello(found);
          hello(hello.verb(), greeted);
        });
  }

  private void hello(Verb verb, Client greeted) {
    dialogue
        .filters()
        .greeted(
            greeted,
            refusal -> {
              if (refusal.filter(ReplyWriter::isLast).isPresent()) {
                writer.done(
                    verb, writer.logRefusal(verb.name(), greeted, Optional.empty(), refusal.get()));
              } else {
                answer(verb, greeted, refusal.filter(Reply::permanentFailure).isPresent());
              }
            });
  }

  /// @param refused whether a filter has refused the client, so that nothing is offered to it
  private void answer(Verb verb, Client greeted, boolean refused) {
    state.knows(greeted);
    dialogue.carrier().holding().count(Holding.What.NAME, greeted.helo().length());
    if (refused) {
      writer.done(
          verb,
          ClientFacts.isExtended(greeted)
              ? dialogue.replies().nothingOffered()
              : dialogue.replies().hello());
    } else if (ClientFacts.isExtended(greeted)) {
      discards.ask(() -> offer(verb));
    } else {
      writer.done(verb, dialogue.replies().hello());
    }
  }

  private void offer(Verb verb) {
    Client client = state.client();
    List<String> more =
        Stream.of(protection.extensions(client), verp(client), intermediary.offers(client))
            .flatMap(List::stream)
            .toList();
    writer.done(verb, dialogue.replies().extendedHello(settings, more, state.discarded()));
  }

  private List<String> verp(Client client) {
    return settings.smtp().verp().clients().contains(client.address())
        ? List.of(Extension.XVERP.toString())
        : List.of();
  }

  /// Takes XCLIENT, after which the session begins anew.
  ///
  /// @param attributes what follows the verb
  void substitute(String attributes) {
    switch (intermediary.xclient(state.client(), attributes)) {
      case Intermediary.Outcome.Substituted(Client other) ->
          questions.whenWelcome(
              _ -> {
                state.forget();
                writer.count(Verb.XCLIENT, true);
                Events.tell(new SessionEvent.Substituted(state.client(), other));
                state.knows(other);
                connected();
              });
      case Intermediary.Outcome.Refused(Reply reply) -> writer.done(Verb.XCLIENT, reply);
    }
  }
}
