package org.caravanmta.reception.session;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.MessageAction;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// The reading of the route's answers to one session's questions. A body that is not an answer,
/// above all a throwable, is a fault of ours and defers the client (RFC 5321 §4.2.1: 4yz).
final class Answers {
  private final Function<Throwable, Reply> faults;
  private final SessionState state;

  /// @param faults the 4yz reply to a question that failed with this throwable
  Answers(Function<Throwable, Reply> faults, SessionState state) {
    this.faults = faults;
    this.state = state;
  }

  /// The verdict on the connection, on HELO or on MAIL.
  Verdict connection(Object body) {
    return body instanceof Case.Connection answered
        ? answered.outcome()
        : new Verdict.Defer(fault(Optional.empty(), body));
  }

  /// The verdict on a recipient. It is never accepted unless the relay list, a restriction that
  /// knows the domain as ours, or the bean `relay` has vouched for it (RFC 5321 §3.6.2).
  ///
  /// @param transaction the one that it would be a recipient of, for the log; absent at VRFY
  Verdict recipient(Optional<MailTransaction> transaction, Address recipient, Object body) {
    if (!(body instanceof Case.Rcpt answered)) {
      return new Verdict.Defer(fault(transaction, body));
    }
    return switch (answered.verdict()) {
      case Verdict.Defer _, Verdict.Reject _ -> answered.verdict();
      case Verdict.Undecided _,
          Verdict.Permit _,
          Verdict.Hold _,
          Verdict.Discard _,
          Verdict.Taken _ ->
          answered.vouched()
              ? answered.outcome()
              : new Verdict.Reject(Replies.relayDenied(recipient));
    };
  }

  /// The verdict on the data to come.
  Verdict data(Object body) {
    return body instanceof Case.Data answered
        ? answered.outcome()
        : new Verdict.Defer(fault(state.transaction(), body));
  }

  /// The verdict of content filters on a step of the dialogue.
  Verdict event(Object body) {
    return body instanceof Case.Event answered
        ? answered.verdict()
        : new Verdict.Defer(fault(state.transaction(), body));
  }

  /// The actions for the message that restrictions have ordered on the way to the answer.
  static List<MessageAction> actions(Object body) {
    return body instanceof Case.Listed answered ? answered.restrictionState().actions() : List.of();
  }

  /// The 4yz reply to a body that is not an answer, which is logged.
  Reply fault(Optional<MailTransaction> transaction, Object body) {
    Throwable why =
        body instanceof Throwable throwable
            ? throwable
            : new IllegalStateException("the route answers with a " + body.getClass().getName());
    Events.tell(
        new SessionEvent.Faulted(transaction.flatMap(MailTransaction::id), state.client(), why));
    Reply reply = faults.apply(why);
    return reply.transientFailure() ? reply : Replies.LOCAL_ERROR;
  }
}
