package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The part of a session between ETRN and its reply (RFC 1985 §5.3): for a client whose connection
/// is not refused a queue run is started, on a thread of its own because that may wait.
record EtrnPhase(Dialogue dialogue) {
  /// Takes ETRN.
  void etrn(Command.Etrn etrn) {
    dialogue
        .questions()
        .whenWelcome(
            welcome -> {
              dialogue.writer().pause();
              begin(etrn, welcome);
            });
  }

  /// @param welcome the verdict on the connection
  private void begin(Command.Etrn etrn, Verdict welcome) {
    switch (welcome) {
      case Verdict.Defer(Reply reply) -> end(reply);
      case Verdict.Reject(Reply reply) -> end(reply);
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) -> {
        if (dialogue.reception().queueRun().serves(etrn.domain())) {
          Client client = dialogue.state().client();
          Thread.ofVirtual().name("etrn").start(() -> run(etrn, client));
        } else {
          end(Replies.notServed(etrn.domain()));
        }
      }
    }
  }

  private void run(Command.Etrn etrn, Client client) {
    Reply reply = Replies.QUEUE_RUN;
    try {
      dialogue.reception().queueRun().start(etrn.domain());
    } catch (Exception e) {
      Events.tell(new SessionEvent.Faulted(Optional.empty(), client, e));
      reply = Replies.NO_QUEUE_RUN;
    }
    Reply said = reply;
    dialogue.carrier().execute(() -> end(said));
  }

  private void end(Reply reply) {
    if (dialogue.writer().resume()) {
      dialogue.writer().done(Verb.ETRN, reply);
    }
  }
}
