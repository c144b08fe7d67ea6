package org.caravanmta.reception.session;

import java.util.function.Consumer;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;

/// What happens between ETRN and its reply (RFC 1985 §5.3): a client that is welcome has the queue
/// run begin, on a thread of its own since that may wait.
final class EtrnPhase {
  private final QueueRun queueRun;
  private final Client client;
  private final Carrier carrier;
  private final Consumer<Reply> end;

  /// @param end gives the reply
  EtrnPhase(QueueRun queueRun, Client client, Carrier carrier, Consumer<Reply> end) {
    this.queueRun = queueRun;
    this.client = client;
    this.carrier = carrier;
    this.end = end;
  }

  /// @param welcome the verdict on the connection
  void begin(Command.Etrn etrn, Verdict welcome) {
    switch (welcome) {
      case Verdict.Defer(Reply reply) -> end.accept(reply);
      case Verdict.Reject(Reply reply) -> end.accept(reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) -> {
        if (queueRun.serves(etrn.domain())) {
          Thread.ofVirtual().name("etrn").start(() -> run(etrn));
        } else {
          end.accept(Replies.notServed(etrn.domain()));
        }
      }
    }
  }

  private void run(Command.Etrn etrn) {
    Reply reply = Replies.QUEUE_RUN;
    try {
      queueRun.start(etrn.domain());
    } catch (Exception e) {
      SessionLog.fault(null, client, e);
      reply = Replies.NO_QUEUE_RUN;
    }
    Reply said = reply;
    carrier.execute(() -> end.accept(said));
  }
}
