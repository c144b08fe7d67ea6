package org.caravanmta.sasl.server;

/// What the server does next in a login (RFC 4422 §3), see {@link Exchange}.
public sealed interface LoginStep {
  /// It sends a challenge, and waits for the response.
  ///
  /// @param bytes not yet in base64
  record Challenge(byte[] bytes) implements LoginStep {}

  /// The client is logged in as this user.
  record Success(String user) implements LoginStep {}

  /// The login has failed.
  ///
  /// @param reason for the log
  /// @param user the user that the client claimed to be; empty if it named none
  record Failure(String reason, String user) implements LoginStep {}

  /// The login could not be checked; the client should try again.
  ///
  /// @param why for the log
  record Unavailable(String why) implements LoginStep {}
}
