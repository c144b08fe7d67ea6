package org.caravanmta.sasl;

import java.security.SecureRandom;
import java.util.Arrays;
import org.caravanmta.table.Lookup;

/// Accounts whose password hashes we read and compare ourselves.
final class StoredAccounts implements Accounts {
  /// Of nobody's password; compared with until there has been a user's.
  private static final String DECOY =
      "$2y$10$abcdefghijklmnopqrstuuQlBzqVSO5zXmYRlLSvEJ.qf6z8/Mxri";

  private final Hashes hashes;
  private final byte[] secret = new SecureRandom().generateSeed(32);
  private volatile PasswordHash usual = PasswordHash.parse(DECOY);

  StoredAccounts(Hashes hashes) {
    this.hashes = hashes;
  }

  @Override
  public Check check(String user, String password) {
    try {
      return switch (hashes.find(user)) {
        case Lookup.Found(String text) -> {
          PasswordHash hash = PasswordHash.parse(text);
          usual = hash;
          yield !password.isEmpty() && hash.matches(password)
              ? new Check.Right(user)
              : new Check.Wrong("wrong password");
        }
        case Lookup.Absent() -> {
          // who has no account is not told so by a quicker answer
          boolean _ = usual.matches(password);
          yield new Check.Wrong("no such user");
        }
        case Lookup.Unavailable(String why) -> new Check.Unavailable(why);
      };
    } catch (IllegalArgumentException e) {
      return new Check.Unavailable("the password kept for a user: " + e.getMessage());
    }
  }

  @Override
  public Keys keys(String user) {
    try {
      return switch (hashes.find(user)) {
        case Lookup.Found(String text) -> keys(user, PasswordHash.parse(text));
        case Lookup.Absent() -> new Keys.Absent();
        case Lookup.Unavailable(String why) -> new Keys.Unavailable(why);
      };
    } catch (IllegalArgumentException e) {
      return new Keys.Unavailable("the password kept for a user: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    hashes.close();
  }

  private Keys keys(String user, PasswordHash hash) {
    return switch (hash) {
      case PasswordHash.Scram(ScramKeys keys) -> new Keys.Found(keys);
      case PasswordHash.Plain(String password) -> {
        byte[] salt = Arrays.copyOf(ScramKeys.hmac(secret, user), 16);
        yield new Keys.Found(ScramKeys.of(password, salt, ScramKeys.LEAST_ITERATIONS));
      }
      case PasswordHash.Bcrypt _, PasswordHash.Sha512 _, PasswordHash.Argon2 _ -> new Keys.Absent();
    };
  }
}
