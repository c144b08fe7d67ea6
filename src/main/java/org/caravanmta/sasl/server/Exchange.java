package org.caravanmta.sasl.server;

import java.util.Optional;

/// One login under way (RFC 4422 §3): responses in, steps out, until one that is not a challenge.
/// Its methods may wait; one caller at a time.
public interface Exchange extends AutoCloseable {
  LoginStep next(byte[] response);

  /// @param initial what the client sent along with the name of the mechanism
  default LoginStep first(Optional<byte[]> initial) {
    return initial.map(this::next).orElseGet(() -> new LoginStep.Challenge(new byte[0]));
  }

  /// It is over, or will not be gone on with.
  @Override
  default void close() {}
}
