package org.caravanmta.sasl.server;

import org.caravanmta.table.Lookup;

/// Where the hashed passwords of users are kept: `{SCHEME}hash`, see {@link PasswordHash}. Its
/// methods may wait.
interface PasswordSource extends AutoCloseable {
  /// The hash of a user's password.
  Lookup find(String user);

  @Override
  default void close() {}
}
