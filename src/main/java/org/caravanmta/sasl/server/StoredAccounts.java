package org.caravanmta.sasl.server;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.caravanmta.table.Lookup;

/// Accounts whose password hashes we read and compare ourselves.
final class StoredAccounts implements Accounts {
  /// Of nobody's password; compared with until there has been a user's.
  private static final String DECOY =
      "$2y$10$abcdefghijklmnopqrstuuQlBzqVSO5zXmYRlLSvEJ.qf6z8/Mxri";

  /// Comparisons at a time: they are made to cost, memory too.
  private static final int AT_A_TIME = Math.max(2, Runtime.getRuntime().availableProcessors());

  private final Hashes hashes;
  private final Semaphore turns = new Semaphore(AT_A_TIME, true);
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
          yield matches(hash, password) && !password.isEmpty()
              ? new Check.Right(user)
              : new Check.Wrong("wrong password");
        }
        case Lookup.Absent() -> {
          // who has no account is not told so by a quicker answer
          boolean _ = matches(usual, password);
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

  private boolean matches(PasswordHash hash, String password) {
    // one that takes much memory is alone
    int share = hash instanceof PasswordHash.Argon2 ? AT_A_TIME : 1;
    turns.acquireUninterruptibly(share);
    try {
      return hash.matches(password);
    } finally {
      turns.release(share);
    }
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
