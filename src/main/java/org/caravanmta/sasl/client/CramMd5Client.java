package org.caravanmta.sasl.client;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// CRAM-MD5: the user and a digest of the password with the challenge (RFC 2195 §2).
final class CramMd5Client implements ClientMechanism {
  static final String NAME = "CRAM-MD5";

  private final String user;
  private final String password;
  private boolean asked;

  CramMd5Client(String user, String password) {
    this.user = user;
    this.password = password;
  }

  @Override
  public Optional<byte[]> initial() {
    return Optional.empty();
  }

  @Override
  public byte[] respond(byte[] challenge) throws WrongChallenge {
    if (asked || challenge.length == 0) {
      throw new WrongChallenge("a challenge that CRAM-MD5 does not have");
    }
    asked = true;
    byte[] digest =
        new KeyedHash("HmacMD5", password.getBytes(StandardCharsets.UTF_8)).of(challenge);
    return (user + " " + HexFormat.of().formatHex(digest)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean proven() {
    return asked;
  }
}
