package org.caravanmta.smtp.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;

/// The result of a mail transaction (RFC 5321 §3.3).
///
/// @param attempts one for each recipient, in their order
/// @param ending how it has left the connection
/// @param excess the recipients that were more than the server takes in one transaction, by their
///   index: they may be sent in another one right away (RFC 5321 §4.5.3.1.9)
public record Transfer(List<Attempt> attempts, Ending ending, Set<Integer> excess) {
  /// How the transaction has left the connection.
  public enum Ending {
    /// It can carry another message.
    REUSABLE,
    /// It can carry another message. This message is not fit for the server, but may be for
    /// another.
    UNFIT,
    /// It cannot be used any more; recipients that are deferred may be tried at another server.
    LOST,
    /// A connection kept since an earlier message turned out to be closed, or the server closed it
    /// with 421, before it had accepted a recipient: the message may be sent again over a new
    /// connection.
    STALE,
    /// The attempts stand as they are. Either the message was sent whole and only the reply is
    /// missing, so that another server might deliver it twice, or its content cannot be read.
    FINAL
  }

  /// How replies begin that ask for a login, or for TLS before it (RFC 4954 §6, RFC 3207 §4).
  private static final String LOGIN_NEEDED = "530 ";

  public Transfer {
    attempts = List.copyOf(attempts);
    excess = Set.copyOf(excess);
  }

  /// This result, completed by that of a further transaction for the recipients that were too many.
  ///
  /// @param which the indexes of these recipients here, in the order of the further transaction
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

  /// This result, on a connection on which we should have logged in and could not: that a login is
  /// asked for is not the fault of a recipient, who is deferred.
  Transfer withoutLogin() {
    return new Transfer(
        attempts.stream()
            .map(
                attempt ->
                    attempt instanceof Attempt.Failed(Reason reason)
                            && reason.reply().filter(it -> it.startsWith(LOGIN_NEEDED)).isPresent()
                        ? new Attempt.Deferred(reason.softened())
                        : attempt)
            .toList(),
        ending,
        excess);
  }
}
