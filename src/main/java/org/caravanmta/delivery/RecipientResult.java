package org.caravanmta.delivery;

import java.util.Optional;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;

/// What an attempt came to for one recipient.
///
/// @param relay who was talked to: `host[address]:port`, `local`, or `none`
/// @param uses messages the connection has carried, this one included; 0 without one
/// @param success what a report of success would call it (RFC 3464 §2.3.3); empty where the server
///   has taken over reporting (RFC 3461 §5.2.2)
public record RecipientResult(
    Recipient recipient, Attempt attempt, String relay, int uses, Optional<Notice.Action> success) {
  static final String NOBODY = "none";

  /// A result that no server was needed for.
  public static RecipientResult of(Recipient recipient, Attempt attempt) {
    return new RecipientResult(recipient, attempt, NOBODY, 0, Optional.of(Notice.Action.DELIVERED));
  }

  /// The same, but recipients that have failed are tried again (postfix `soft_bounce`).
  public RecipientResult softened() {
    return attempt instanceof Attempt.Failed(Reason reason)
        ? new RecipientResult(
            recipient, new Attempt.Deferred(reason.softened()), relay, uses, success)
        : this;
  }

  /// The same for another recipient.
  public RecipientResult of(Recipient other) {
    return new RecipientResult(other, attempt, relay, uses, success);
  }
}
