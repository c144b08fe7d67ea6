package org.caravanmta.filter.contract;

import org.caravanmta.smtp.Reply;

/// What a content filter says of a session, a command or a message.
public sealed interface Judgement {
  Judgement PASS = new Pass();

  /// It has nothing against it.
  record Pass() implements Judgement {}

  /// It is refused.
  ///
  /// @param reply 4yz or 5yz
  record Refuse(Reply reply) implements Judgement {
    public Refuse {
      if (reply.positive()) {
        throw new IllegalArgumentException("a refusal is a 4yz or 5yz reply, was " + reply);
      }
    }
  }

  /// It is refused, and the session with it.
  ///
  /// @param reply 421
  record Disconnect(Reply reply) implements Judgement {}

  /// The client is told that the message was accepted; it is dropped.
  record Discard(String why) implements Judgement {}

  /// The filter has taken the message over, and with it the responsibility for it (RFC 5321
  /// §4.2.5): nothing is queued here, and the client gets the filter's reply.
  ///
  /// @param reply 2yz
  record Taken(Reply reply) implements Judgement {
    public Taken {
      if (!reply.positive()) {
        throw new IllegalArgumentException("what is taken has a 2yz reply, was " + reply);
      }
    }
  }

  /// The message is accepted and set aside for the operator.
  record Quarantine(String why) implements Judgement {}

  /// The filter could not be asked, or gave no answer that it may give: what stands for it is for
  /// the step to say that asked it.
  ///
  /// @param why one line
  /// @param cause whether another server may be asked
  record NoAnswer(String why, Cause cause) implements Judgement {
    /// What there is no answer for.
    public enum Cause {
      /// The server is not well, as far as can be told: another may be asked.
      SERVER,
      /// Its server is well, but has no answer about this message, whoever is asked.
      MESSAGE,
      /// The server may have taken the message over all the same: nobody else may be given it.
      PERHAPS_TAKEN
    }

    /// Of a server that is not well.
    public NoAnswer(String why) {
      this(why, Cause.SERVER);
    }
  }
}
