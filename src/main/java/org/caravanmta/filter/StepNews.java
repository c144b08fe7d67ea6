package org.caravanmta.filter;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.FilterEvent;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.smtp.Reply;

/// What the log is told of a filter that is a step of a route.
///
/// @param written the step, as the route names it
record StepNews(String written) {
  private static final String END_OF_MESSAGE = "END-OF-MESSAGE";

  /// What it says of a message, if it says anything but that it has nothing against it.
  void answered(Mail mail, FilterAnswer answer) {
    if (!(answer.judgement() instanceof Judgement.Pass)) {
      judged(mail, answer.judgement());
    } else if (!answer.note().isEmpty()) {
      Events.tell(new FilterEvent.Passed(written, mail.id(), answer.note()));
    }
  }

  /// What it decides about a message.
  void judged(Mail mail, Judgement judgement) {
    tell(
        mail.id(),
        END_OF_MESSAGE,
        mail.envelope().client(),
        Optional.of(mail.envelope().reversePath()),
        mail.recipients().size() == 1
            ? Optional.of(mail.recipients().getFirst().address())
            : Optional.empty(),
        judgement);
  }

  /// What it decides about a step of the dialogue.
  ///
  /// @param given the reverse path of the transaction, if there is one
  void judged(Case.Event event, Optional<ReversePath> given, Judgement judgement) {
    Optional<ReversePath> sender =
        event.event() instanceof DialogueEvent.Sender from ? Optional.of(from.sender()) : given;
    Optional<Address> recipient =
        event.event() instanceof DialogueEvent.Recipient to
            ? Optional.of(to.recipient())
            : Optional.empty();
    tell(
        id(event.event()),
        event.event().kind().name(),
        event.client(),
        sender,
        recipient,
        judgement);
  }

  private void tell(
      String id,
      String step,
      Client client,
      Optional<ReversePath> sender,
      Optional<Address> recipient,
      Judgement judgement) {
    String word =
        switch (judgement) {
          case Judgement.Refuse _, Judgement.Disconnect _ -> "reject";
          case Judgement.Discard _ -> "discard";
          case Judgement.Quarantine _ -> "quarantine";
          case Judgement.Taken _, Judgement.Pass _ -> "accept";
          case Judgement.NoAnswer _ -> "no-answer";
        };
    String text =
        switch (judgement) {
          case Judgement.Refuse(Reply reply) -> reply.toString();
          case Judgement.Disconnect(Reply reply) -> reply.toString();
          case Judgement.Taken(Reply reply) -> reply.toString();
          case Judgement.Discard(String why) -> why;
          case Judgement.Quarantine(String why) -> why;
          case Judgement.NoAnswer(String why, _) -> why;
          case Judgement.Pass _ -> "";
        };
    Events.tell(new FilterEvent.Judged(written, id, word, step, client, sender, recipient, text));
  }

  /// That it gave no answer.
  ///
  /// @param id the message's, empty if it has none yet
  void unanswered(String id, String why, String instead) {
    Events.tell(new FilterEvent.Unanswered(written, id, why, instead));
  }

  /// A fault of ours, which is no answer, and never a refusal.
  ///
  /// @return why there is no answer
  String broken(String id, RuntimeException why) {
    Events.tell(new FilterEvent.Broken(written, id, why));
    return "a fault of this server: " + why;
  }

  /// The message's id, if it has one yet; empty if not.
  static String id(DialogueEvent event) {
    return switch (event) {
      case DialogueEvent.Recipient to -> to.queueId().orElse("");
      case DialogueEvent.Refused(var to, _) -> to.queueId().orElse("");
      case DialogueEvent.Data(String id) -> id;
      case DialogueEvent.Connected _,
          DialogueEvent.Greeted _,
          DialogueEvent.Sender _,
          DialogueEvent.Unknown _,
          DialogueEvent.Reset _ ->
          "";
    };
  }
}
