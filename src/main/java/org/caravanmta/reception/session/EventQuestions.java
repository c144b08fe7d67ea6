package org.caravanmta.reception.session;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// The questions to content filters that follow the dialogue (RFC 5321 §3.3; postfix
/// `MILTER_README`): each step is told when it happens, if a filter wants to hear of it, and a
/// filter may refuse it. What it refuses at the connection or at HELO stands for the commands after
/// it (postfix `smtpd(8)`, as sendmail does).
final class EventQuestions {
  private final Reception reception;
  private final SessionState state;
  private final Questioning questions;
  private final Answers answers;
  private Set<DialogueEvent.Kind> wanted = EnumSet.allOf(DialogueEvent.Kind.class);
  private Optional<Reply> standing = Optional.empty();

  EventQuestions(Reception reception, SessionState state, Questioning questions, Answers answers) {
    this.reception = reception;
    this.state = state;
    this.questions = questions;
    this.answers = answers;
  }

  /// Whether a filter follows the dialogue.
  boolean followed() {
    return reception.followed().getAsBoolean();
  }

  /// The reply to each command that asks for something, since a filter has refused the client;
  /// absent when none has.
  Optional<Reply> standing() {
    return standing;
  }

  /// Tells that the session begins, or begins anew with another client.
  ///
  /// @param then gets the reply if the client is refused
  void connected(DialogueEvent.Connected event, Consumer<Optional<Reply>> then) {
    wanted = EnumSet.allOf(DialogueEvent.Kind.class);
    standing = Optional.empty();
    atStart(state.client(), event, then);
  }

  /// Tells of HELO or EHLO.
  ///
  /// @param then gets the reply if the client is refused
  void greeted(Client client, Consumer<Optional<Reply>> then) {
    if (standing.isPresent()) {
      then.accept(standing);
    } else {
      atStart(client, new DialogueEvent.Greeted(), then);
    }
  }

  private void atStart(Client client, DialogueEvent event, Consumer<Optional<Reply>> then) {
    ask(
        client,
        event,
        reply -> {
          standing = Optional.of(reply);
          then.accept(standing);
        },
        _ -> then.accept(Optional.empty()));
  }

  /// Tells of a step.
  ///
  /// @param refuse gets the reply if it is refused
  /// @param goOn gets the verdict if it is not: whether the message is to be held or discarded
  void ask(DialogueEvent event, Consumer<Reply> refuse, Consumer<Verdict> goOn) {
    ask(state.client(), event, refuse, goOn);
  }

  /// Tells of a step whose answer changes nothing.
  void tell(DialogueEvent event, Runnable then) {
    ask(state.client(), event, _ -> then.run(), _ -> then.run());
  }

  private void ask(
      Client client, DialogueEvent event, Consumer<Reply> refuse, Consumer<Verdict> goOn) {
    if (!followed() || !wanted.contains(event.kind())) {
      goOn.accept(Verdict.UNDECIDED);
      return;
    }
    questions.ask(
        new Case.Event(client, event),
        body -> {
          Verdict verdict = answers.event(body);
          if (body instanceof Case.Event answered) {
            wanted = answered.wanted();
          }
          switch (verdict) {
            case Verdict.Defer(Reply reply) -> refuse.accept(reply);
            case Verdict.Reject(Reply reply) -> refuse.accept(reply);
            case Verdict.Undecided(),
                Verdict.Permit(),
                Verdict.Hold _,
                Verdict.Discard(_),
                Verdict.Taken(_) ->
                goOn.accept(verdict);
          }
        });
  }
}
