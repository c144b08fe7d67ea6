package org.caravanmta.sasl.server;

import java.util.Optional;

/// One login in progress (RFC 4422 §3): it takes the client's responses and returns steps, until a
/// step is not a challenge. Its methods may wait; for one thread at a time.
public interface Exchange extends AutoCloseable {
  /// Takes a response, decoded from base64.
  LoginStep next(byte[] response);

  /// Begins the exchange.
  ///
  /// @param initial the initial response, if the client sent one with the name of the mechanism
  default LoginStep first(Optional<byte[]> initial) {
    return initial.map(this::next).orElseGet(() -> new LoginStep.Challenge(new byte[0]));
  }

  /// Ends the exchange, finished or not.
  @Override
  default void close() {}
}
