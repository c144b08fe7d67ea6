package org.caravanmta.sasl.server;

/// The result of checking a user's password or token.
public sealed interface CredentialCheck {
  /// The password or token is right.
  ///
  /// @param user the user's name
  record Right(String user) implements CredentialCheck {}

  /// It is wrong.
  ///
  /// @param why for the log
  record Wrong(String why) implements CredentialCheck {}

  /// It could not be checked.
  ///
  /// @param why for the log
  record Unavailable(String why) implements CredentialCheck {}
}
