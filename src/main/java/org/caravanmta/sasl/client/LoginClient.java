package org.caravanmta.sasl.client;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// LOGIN, which is in no RFC: the server asks for the user, and then for the password, in words
/// that nobody reads.
final class LoginClient implements ClientMechanism {
  static final String NAME = "LOGIN";

  private final String user;
  private final String password;
  private int asked;

  LoginClient(String user, String password) {
    this.user = user;
    this.password = password;
  }

  @Override
  public Optional<byte[]> initial() {
    return Optional.empty();
  }

  @Override
  public byte[] respond(byte[] challenge) throws WrongChallenge {
    asked++;
    return switch (asked) {
      case 1 -> user.getBytes(StandardCharsets.UTF_8);
      case 2 -> password.getBytes(StandardCharsets.UTF_8);
      default -> throw new WrongChallenge("a third challenge for LOGIN");
    };
  }

  @Override
  public boolean proven() {
    return asked == 2;
  }
}
