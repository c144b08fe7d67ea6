package org.caravanmta.policy;

import org.caravanmta.smtp.Reply;

/// What the steps of a route have decided about a {@link Case}.
public sealed interface Verdict {
  Verdict UNDECIDED = new Undecided();
  Verdict PERMIT = new Permit();

  /// Nothing against it, nothing for it: the next restriction decides.
  record Undecided() implements Verdict {}

  /// Accepted; no further restriction of this list is asked.
  record Permit() implements Verdict {}

  /// Not now: a 4yz reply.
  record Defer(Reply reply) implements Verdict {
    public Defer {
      if (!reply.transientFailure()) {
        throw new IllegalArgumentException("a deferral is a 4yz reply, was " + reply);
      }
    }
  }

  /// No: a 5yz reply.
  record Reject(Reply reply) implements Verdict {
    public Reject {
      if (!reply.permanentFailure()) {
        throw new IllegalArgumentException("a rejection is a 5yz reply, was " + reply);
      }
    }
  }

  /// Accepted, but kept in the hold queue until the operator releases it.
  record Hold(String why) implements Verdict {}

  /// The client is told it was accepted; the message is dropped.
  record Discard(String why) implements Verdict {}
}
