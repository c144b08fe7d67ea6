package org.caravanmta.sasl.server;

/// What the server does next in an {@link Exchange} (RFC 4422 §3).
public sealed interface LoginStep {
  /// Waits for the response to it.
  record Challenge(byte[] bytes) implements LoginStep {}

  record Success(String user) implements LoginStep {}

  /// The client is not who it says.
  ///
  /// @param reason for the client
  /// @param user whom it said to be, empty when it did not come to that
  record Failure(String reason, String user) implements LoginStep {}

  /// Nobody could say; the client is to try again.
  ///
  /// @param why for the log
  record Unavailable(String why) implements LoginStep {}
}
