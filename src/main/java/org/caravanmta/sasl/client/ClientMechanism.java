package org.caravanmta.sasl.client;

import java.util.Optional;

/// The client's side of one login by one mechanism (RFC 4422 §3). Used once.
public interface ClientMechanism {
  /// The initial response (RFC 4422 §3.3); absent if the server speaks first.
  Optional<byte[]> initial();

  /// The response to a challenge.
  ///
  /// @throws WrongChallenge if the server is not to be answered; the login is then cancelled
  byte[] respond(byte[] challenge) throws WrongChallenge;

  /// Whether the server has shown all that the mechanism asks of it. A server that says that we are
  /// logged in before that is not the one we mean.
  default boolean proven() {
    return true;
  }

  /// Thrown for a challenge that is malformed, or that the right server would not send.
  final class WrongChallenge extends Exception {
    private static final long serialVersionUID = 1L;

    public WrongChallenge(String why) {
      super(why, null, false, false);
    }
  }
}
