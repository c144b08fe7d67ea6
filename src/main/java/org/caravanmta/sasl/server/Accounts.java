package org.caravanmta.sasl.server;

/// Those who know users by their passwords. All methods may wait.
public interface Accounts extends AutoCloseable {
  Check check(String user, String password);

  /// The user's keys for SCRAM (RFC 5802 §3).
  Keys keys(String user);

  /// Told of a user whose SCRAM proof was right.
  default void proven(String user) {}

  @Override
  default void close() {}

  /// Whether there are keys.
  sealed interface Keys {
    record Found(ScramKeys keys) implements Keys {}

    /// There is no such user, or none with keys.
    record Absent() implements Keys {}

    record Unavailable(String why) implements Keys {}
  }
}
