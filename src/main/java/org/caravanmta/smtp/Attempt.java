package org.caravanmta.smtp;

import java.util.Optional;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;

/// The outcome of one attempt to deliver a message to one recipient (RFC 5321 §6.1). A bug of ours
/// is a deferral, never a bounce.
public sealed interface Attempt {
  /// The message has been delivered to the recipient.
  ///
  /// @param text what the log says about it: `250 2.0.0 Ok: queued as 4XyZ`, `delivered to maildir`
  /// @param remote `host[address]:port`, or `local`
  record Delivered(String text, String remote) implements Attempt {
    /// The enhanced status of the reply (RFC 3463): `2.1.5` of `250 2.1.5 Ok`; 2.0.0 if it has
    /// none.
    public Status status() {
      String[] words = text.split(" ", 3);
      return (words.length > 1 ? Status.parse(words[1]) : Optional.<Status>empty())
          .orElse(new Status(2, 0, 0));
    }
  }

  /// The message may be delivered later: the server said 4yz, or there was a time-out, a failure of
  /// the DNS, or a bug of ours.
  ///
  /// @param reason with a status of class 4
  record Deferred(Reason reason) implements Attempt {}

  /// The message cannot be delivered: the server said 5yz, or an RFC says so.
  ///
  /// @param reason with a status of class 5
  record Failed(Reason reason) implements Attempt {}
}
