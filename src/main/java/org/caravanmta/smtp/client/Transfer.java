package org.caravanmta.smtp.client;

import java.util.List;
import org.caravanmta.smtp.Attempt;

/// What came of one mail transaction (RFC 5321 §3.3).
///
/// @param attempts one for each recipient, in their order
public record Transfer(List<Attempt> attempts, Ending ending) {
  /// How the transaction has left the connection.
  public enum Ending {
    /// It can carry another message.
    REUSABLE,
    /// It can carry another message. This one the server cannot have as it is, but another may.
    UNFIT,
    /// It is of no further use; who is deferred may be tried at another server.
    LOST,
    /// A connection that was kept turned out to be closed: nothing was asked, a new one is needed.
    STALE,
    /// The attempts stand. Either the message was sent whole and only the answer is missing, so
    /// that another server would deliver it twice; or the content cannot be read.
    FINAL
  }

  public Transfer {
    attempts = List.copyOf(attempts);
  }
}
