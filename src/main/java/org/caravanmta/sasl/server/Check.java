package org.caravanmta.sasl.server;

/// What becomes of a user's proof: a password or a token.
public sealed interface Check {
  /// @param user as its account is called
  record Right(String user) implements Check {}

  /// @param why for the log
  record Wrong(String why) implements Check {}

  /// Nobody could say.
  ///
  /// @param why for the log
  record Unavailable(String why) implements Check {}
}
