package org.caravanmta.smtp.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.smtp.Attempt;

/// What came of one mail transaction (RFC 5321 §3.3).
///
/// @param attempts one for each recipient, in their order
/// @param excess which recipients are more than the server takes in one transaction: they may have
///   another, now (RFC 5321 §4.5.3.1.9)
public record Transfer(List<Attempt> attempts, Ending ending, Set<Integer> excess) {
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
    excess = Set.copyOf(excess);
  }

  /// With what came of a further transaction for those who were too many in this one.
  ///
  /// @param which their places in this one, in the order of the further one
  Transfer then(List<Integer> which, Transfer further) {
    var all = new ArrayList<>(attempts);
    var over = new TreeSet<Integer>();
    for (int i = 0; i < which.size(); i++) {
      all.set(which.get(i), further.attempts().get(i));
      if (further.excess().contains(i)) {
        over.add(which.get(i));
      }
    }
    return new Transfer(
        all, further.ending() == Ending.STALE ? Ending.LOST : further.ending(), over);
  }
}
