package org.caravanmta.reception.session;

import org.caravanmta.address.Literals;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Reply;

/// The replies of the server about TLS (RFC 3207 §4) and logins (RFC 4954 §4, §6), in the words of
/// Postfix.
final class SecurityReplies {
  static final Reply READY = Reply.of(220, "2.0.0", "Ready to start TLS");
  static final Reply NO_ROOM_FOR_TLS =
      Reply.of(454, "4.7.0", "TLS not available due to temporary reason");
  static final Reply TLS_ACTIVE = Reply.of(554, "5.5.1", "Error: TLS already active");
  static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1", "Error: command not implemented");
  static final Reply STARTTLS_FIRST = Reply.of(530, "5.7.0", "Must issue a STARTTLS command first");
  static final Reply NO_LOGINS = Reply.of(503, "5.5.1", "Error: authentication not enabled");
  static final Reply LOGGED_IN = Reply.of(503, "5.5.1", "Error: already authenticated");
  static final Reply IN_TRANSACTION = Reply.of(503, "5.5.1", "Error: MAIL transaction in progress");
  static final Reply ENCRYPTION_REQUIRED =
      Reply.of(504, "5.5.4", "Encryption required for requested authentication mechanism");
  static final Reply NO_SUCH_MECHANISM =
      Reply.of(504, "5.5.4", "Error: unknown authentication mechanism");
  static final Reply SUCCESS = Reply.of(235, "2.7.0", "Authentication successful");
  static final Reply ABORTED = Reply.of(501, "5.7.0", "Authentication aborted");
  static final Reply BAD_BASE64 =
      Reply.of(501, "5.5.2", "Error: malformed authentication response");
  static final Reply TOO_LONG = Reply.of(500, "5.5.6", "SASL response limit exceeded");

  private SecurityReplies() {}

  /// @param reason what the client may know: not whether the user exists
  static Reply failed(String reason) {
    return Reply.of(535, "5.7.8", "Error: authentication failed: " + reason);
  }

  static Reply unavailable(String reason) {
    return Reply.of(454, "4.7.0", "Temporary authentication failure: " + reason);
  }

  static Reply tooManyFailures(String hostname, Client client) {
    return Reply.of(
        421,
        "4.7.0",
        hostname + " Error: too many failed logins from " + Literals.text(client.address()));
  }

  static Reply challenge(String base64) {
    return Reply.plain(334, base64);
  }
}
