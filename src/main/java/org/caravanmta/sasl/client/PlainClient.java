package org.caravanmta.sasl.client;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// PLAIN: one response with the user and the password (RFC 4616 §2).
///
/// @param password is sent
record PlainClient(String user, String password) implements ClientMechanism {
  static final String NAME = "PLAIN";

  @Override
  public Optional<byte[]> initial() {
    return Optional.of(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] respond(byte[] challenge) throws WrongChallenge {
    throw new WrongChallenge("a second challenge for PLAIN");
  }

  @Override
  public String toString() {
    return NAME;
  }
}
