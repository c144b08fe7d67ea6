package org.caravanmta.smtp;

import java.util.Optional;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;

/// What one attempt to deliver to one recipient came to. A failed attempt is a value; a bug is not
/// a bounce.
public sealed interface Attempt {
  /// The recipient is done.
  ///
  /// @param text what the log says of it: `250 2.0.0 Ok: queued as 4XyZ`, `delivered to maildir`
  /// @param remote `host[address]:port`, or `local`
  record Delivered(String text, String remote) implements Attempt {
    /// The status in the server's reply, `250 2.1.5 Ok`; else 2.0.0.
    public Status status() {
      String[] words = text.split(" ", 3);
      return (words.length > 1 ? Status.parse(words[1]) : Optional.<Status>empty())
          .orElse(new Status(2, 0, 0));
    }
  }

  /// 4yz, time-out, DNS, our own bug: a lane tries again. The reason's status is of class 4.
  record Deferred(Reason reason) implements Attempt {}

  /// The peer said 5yz, or an RFC says it cannot be. The reason's status is of class 5.
  record Failed(Reason reason) implements Attempt {}
}
