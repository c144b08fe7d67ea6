package org.caravanmta.sasl.server;

import java.util.List;
import java.util.Optional;

/// A service that logs clients in (RFC 4422 §2).
public interface Authenticator extends AutoCloseable {
  /// The names of the mechanisms that may be announced on this channel, in this order. Does not
  /// wait.
  List<String> mechanisms(LoginChannel channel);

  /// Begins a login.
  ///
  /// @param mechanism in capitals
  /// @return empty if it is not one of the {@link #mechanisms}
  Optional<Exchange> begin(String mechanism, LoginChannel channel);

  @Override
  default void close() {}
}
