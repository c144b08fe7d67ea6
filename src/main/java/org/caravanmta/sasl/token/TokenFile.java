package org.caravanmta.sasl.token;

import java.time.Instant;

/// A token in a file that something else keeps up to date.
record TokenFile(SecretText file) implements TokenOrigin {
  @Override
  public AccessToken fetch(Instant now) throws TokenTrouble {
    AccessToken token = AccessToken.read(file.read().text(), now);
    if (token.expires().filter(end -> !end.isAfter(now)).isPresent()) {
      throw TokenTrouble.passing("the token in " + file.file() + " has expired");
    }
    return token;
  }

  @Override
  public String stamp() {
    return file.stamp();
  }
}
