package org.caravanmta.sasl;

/// What the server does next in an {@link Exchange} (RFC 4422 §3).
public sealed interface Step {
  /// Waits for the response to it.
  record Challenge(byte[] bytes) implements Step {}

  record Success(String user) implements Step {}

  /// The client is not who it says.
  ///
  /// @param reason for the client
  /// @param user whom it said to be, empty when it did not come to that
  record Failure(String reason, String user) implements Step {}

  /// Nobody could say; the client is to try again.
  ///
  /// @param why for the log
  record Unavailable(String why) implements Step {}
}
