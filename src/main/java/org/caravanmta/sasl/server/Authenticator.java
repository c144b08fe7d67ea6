package org.caravanmta.sasl.server;

import java.util.List;
import java.util.Optional;

/// What can tell who a client is (RFC 4422 §2).
public interface Authenticator extends AutoCloseable {
  /// The names of the mechanisms for a channel, to be announced; this does not wait.
  List<String> mechanisms(Channel channel);

  /// A login by one of the {@link #mechanisms}; absent for others.
  Optional<Exchange> begin(String mechanism, Channel channel);

  @Override
  default void close() {}
}
