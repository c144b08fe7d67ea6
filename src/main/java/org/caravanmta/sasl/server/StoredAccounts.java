package org.caravanmta.sasl.server;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.caravanmta.table.Lookup;

/// Accounts whose password hashes we read and compare ourselves.
final class StoredAccounts implements Accounts {
  /// The hash of nobody's password. A login as a user that does not exist is compared with it until
  /// a user's own hash has been seen.
  private static final String DECOY =
      "$2y$10$abcdefghijklmnopqrstuuQlBzqVSO5zXmYRlLSvEJ.qf6z8/Mxri";

  /// How many comparisons run at a time: they take processor time and memory on purpose.
  private static final int AT_A_TIME = Math.max(2, Runtime.getRuntime().availableProcessors());

  private final PasswordSource hashes;
  private final Semaphore turns = new Semaphore(AT_A_TIME, true);
  private final byte[] secret = new SecureRandom().generateSeed(32);

  /// The hash that was read last; logins as users that do not exist are compared with it.
  private volatile PasswordHash typical = PasswordHash.parse(DECOY);

  StoredAccounts(PasswordSource hashes) {
    this.hashes = hashes;
  }

  @Override
  public CredentialCheck check(String user, String password) {
    try {
      return switch (hashes.find(user)) {
        case Lookup.Found(String text) -> {
          PasswordHash hash = PasswordHash.parse(text);
          typical = hash;
          yield matches(hash, password) && !password.isEmpty()
              ? new CredentialCheck.Right(user)
              : new CredentialCheck.Wrong("wrong password");
        }
        case Lookup.Absent() -> {
          // a quicker answer would tell the client that there is no such user
          boolean _ = matches(typical, password);
          yield new CredentialCheck.Wrong("no such user");
        }
        case Lookup.Unavailable(String why) -> new CredentialCheck.Unavailable(why);
      };
    } catch (IllegalArgumentException e) {
      return new CredentialCheck.Unavailable("the password kept for a user: " + e.getMessage());
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
    // a hash that takes much memory is computed alone
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
