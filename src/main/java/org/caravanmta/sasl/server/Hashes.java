package org.caravanmta.sasl.server;

import org.caravanmta.table.Lookup;

/// Where the passwords of users are kept, hashed: `{SCHEME}hash`, see {@link PasswordHash}. May
/// wait.
interface Hashes extends AutoCloseable {
  Lookup find(String user);

  @Override
  default void close() {}
}
