package org.caravanmta.sasl.server;

/// The accounts of users, by which passwords and SCRAM proofs are checked. Every method may wait.
public interface Accounts extends AutoCloseable {
  /// Checks a user's password.
  CredentialCheck check(String user, String password);

  /// The user's keys for SCRAM (RFC 5802 §3).
  Keys keys(String user);

  /// Called when a user's SCRAM proof was right.
  default void proven(String user) {}

  @Override
  default void close() {}

  /// The answer to {@link #keys}.
  sealed interface Keys {
    /// The keys.
    record Found(ScramKeys keys) implements Keys {}

    /// There is no such user, or the account has no such keys.
    record Absent() implements Keys {}

    /// The accounts could not be asked.
    ///
    /// @param why for the log
    record Unavailable(String why) implements Keys {}
  }
}
