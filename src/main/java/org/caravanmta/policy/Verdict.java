package org.caravanmta.policy;

import org.caravanmta.message.Queues;
import org.caravanmta.smtp.Reply;

/// What the steps of a route have decided about a {@link Case}.
public sealed interface Verdict {
  Verdict UNDECIDED = new Undecided();
  Verdict PERMIT = new Permit();

  /// Nothing is against it, and nothing has permitted it: the next restriction decides.
  record Undecided() implements Verdict {}

  /// It is permitted, by a step of the operator's own: no further restriction is asked. A
  /// restriction of a list permits it by {@link RestrictionState#permit}, for that list alone.
  record Permit() implements Verdict {}

  /// It is refused for now.
  ///
  /// @param reply a 4yz reply
  record Defer(Reply reply) implements Verdict {
    public Defer {
      if (!reply.transientFailure()) {
        throw new IllegalArgumentException("a deferral is a 4yz reply, was " + reply);
      }
    }
  }

  /// It is refused.
  ///
  /// @param reply a 5yz reply
  record Reject(Reply reply) implements Verdict {
    public Reject {
      if (!reply.permanentFailure()) {
        throw new IllegalArgumentException("a rejection is a 5yz reply, was " + reply);
      }
    }
  }

  /// The message is accepted, but kept in a queue until the operator releases it.
  ///
  /// @param why for the log and the operator
  /// @param queue {@link Queues#HOLD} or {@link Queues#QUARANTINE}
  record Hold(String why, String queue) implements Verdict {
    /// In the hold queue.
    public Hold(String why) {
      this(why, Queues.HOLD);
    }
  }

  /// Another server has taken the message over, and with it the responsibility for it (RFC 5321
  /// §4.2.5): nothing is queued here, and the client gets its reply.
  ///
  /// @param reply 2yz
  record Taken(Reply reply) implements Verdict {
    public Taken {
      if (!reply.positive()) {
        throw new IllegalArgumentException("what is taken has a 2yz reply, was " + reply);
      }
    }
  }

  /// The client is told that the message was accepted; the message is dropped.
  ///
  /// @param why for the log
  record Discard(String why) implements Verdict {}
}
