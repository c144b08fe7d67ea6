package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The part of a session between VRFY and its reply (RFC 5321 §3.5, §7.3): the route is asked as if
/// there were mail for the address, so that VRFY tells a client no more than RCPT would.
record VrfyPhase(Dialogue dialogue) {
  /// Takes VRFY.
  void vrfy(Command.Vrfy vrfy) {
    dialogue
        .questions()
        .whenWelcome(
            welcome -> {
              switch (welcome) {
                case Verdict.Defer(Reply reply) -> refuse(vrfy, reply);
                case Verdict.Reject(Reply reply) -> refuse(vrfy, reply);
                case Verdict.Undecided(),
                    Verdict.Permit(),
                    Verdict.Hold _,
                    Verdict.Discard(_),
                    Verdict.Taken(_) ->
                    ask(vrfy);
              }
            });
  }

  private void ask(Command.Vrfy vrfy) {
    Client client = dialogue.state().client();
    var question =
        new Case.Rcpt(client, ReversePath.NULL, vrfy.address(), 0, false, Verdict.UNDECIDED);
    dialogue.questions().ask(question, body -> decided(vrfy, body));
  }

  private void decided(Command.Vrfy vrfy, Object body) {
    switch (dialogue.answers().recipient(Optional.empty(), vrfy.address(), body)) {
      case Verdict.Defer(Reply reply) -> refuse(vrfy, reply);
      case Verdict.Reject(Reply reply) -> refuse(vrfy, reply);
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) ->
          dialogue.writer().done(Verb.VRFY, Reply.of(252, "2.0.0", vrfy.text()));
    }
  }

  /// Refuses VRFY. The log line has no id and sender, since VRFY does not belong to a transaction,
  /// even if one is under way.
  private void refuse(Command.Vrfy vrfy, Reply reply) {
    Client client = dialogue.state().client();
    Events.tell(
        new SessionEvent.Refused(
            Verb.VRFY.name(),
            client,
            Optional.empty(),
            Optional.empty(),
            Optional.of(vrfy.address()),
            reply));
    dialogue.writer().done(Verb.VRFY, reply);
  }
}
