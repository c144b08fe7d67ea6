package org.caravanmta.delivery;

import java.util.Optional;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;

/// The result of an attempt for one recipient (RFC 5321 §6.1).
///
/// @param relay the server that was talked to, `host[address]:port`; or `local`, `virtual`, `none`
/// @param uses messages that the connection has carried, this one included; 0 without a connection
/// @param success what a report of success would call it (RFC 3464 §2.3.3); absent when the server,
///   or another transport, has taken over reporting (RFC 3461 §5.2.2)
/// @param tls what TLS with the server was to be, and by whose policy, as the log says it:
///   `secure@table`; empty where there is nothing to say
public record RecipientResult(
    Recipient recipient,
    Attempt attempt,
    String relay,
    int uses,
    Optional<Notice.Action> success,
    String tls) {
  /// The relay of a result that no server was needed for, as Postfix logs it.
  public static final String NOBODY = "none";

  /// A result without TLS.
  public RecipientResult(
      Recipient recipient,
      Attempt attempt,
      String relay,
      int uses,
      Optional<Notice.Action> success) {
    this(recipient, attempt, relay, uses, success, "");
  }

  /// A result that no server was needed for.
  public static RecipientResult of(Recipient recipient, Attempt attempt) {
    return of(recipient, attempt, NOBODY);
  }

  /// A result for a recipient whose message no server was offered.
  ///
  /// @param relay the server that took the connection, but with which no dialogue came about
  public static RecipientResult of(Recipient recipient, Attempt attempt, String relay) {
    return new RecipientResult(recipient, attempt, relay, 0, Optional.of(Notice.Action.DELIVERED));
  }

  /// The same, but deferred instead of failed (postfix `soft_bounce`).
  public RecipientResult softened() {
    return attempt instanceof Attempt.Failed(Reason reason)
        ? new RecipientResult(
            recipient, new Attempt.Deferred(reason.softened()), relay, uses, success, tls)
        : this;
  }

  /// The same for another recipient.
  public RecipientResult of(Recipient other) {
    return new RecipientResult(other, attempt, relay, uses, success, tls);
  }
}
