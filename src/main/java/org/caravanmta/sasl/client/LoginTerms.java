package org.caravanmta.sasl.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.config.Secret;
import org.caravanmta.message.Reason;

/// On which terms we log in at servers, and where we were refused: a password that a server has
/// refused is not tried there again at once, which could lock the account (postfix
/// `smtp_sasl_auth_cache_name`). Safe for use by several threads.
public final class LoginTerms {
  /// Logins remembered; more are forgotten with all others, which costs a login each.
  private static final int MOST = 10_000;

  private final LoginRules rules;
  private final Duration rest;
  private final InstantSource clock;
  private final byte[] salt = new SecureRandom().generateSeed(16);
  private final ConcurrentMap<String, Account> accounts = new ConcurrentHashMap<>();
  private final Set<String> spokenOf = ConcurrentHashMap.newKeySet();

  /// @param rest how long a refused password is not tried again
  public LoginTerms(LoginRules rules, Duration rest, InstantSource clock) {
    this.rules = rules;
    this.rest = rest;
    this.clock = clock;
  }

  public LoginRules rules() {
    return rules;
  }

  /// Why there is no use in a login at present; absent if nothing is known against it.
  ///
  /// @param server its name and port
  public Optional<Reason> refusal(String server, String user, Secret secret) {
    Account account = accounts.get(key(server, user, secret));
    return account == null ? Optional.empty() : account.refusal();
  }

  /// Waits until nobody else tries the same password at the same server, unless it has been right
  /// there: many messages at once would fail as many times.
  ///
  /// @param patience how long to wait at most; then it is tried all the same
  /// @return to be closed after the login
  public Turn turn(String server, String user, Secret secret, Duration patience) {
    if (accounts.size() > MOST) {
      accounts.clear();
    }
    Account account = accounts.computeIfAbsent(key(server, user, secret), _ -> new Account());
    return account.turn(patience);
  }

  /// Whether this is said for the first time, so that a thing is said once for each server.
  public boolean isNews(String what) {
    return spokenOf.size() < MOST && spokenOf.add(what);
  }

  /// What is not to be read in the memory of a server that stays up for months is only kept hashed.
  private String key(String server, String user, Secret secret) {
    byte[] hash = new KeyedHash("HmacSHA256", salt).of(secret.text());
    return server + "\0" + user + "\0" + HexFormat.of().formatHex(hash);
  }

  /// A login in progress.
  public interface Turn extends AutoCloseable {
    /// Why it need not be tried: it was refused while this one waited.
    Optional<Reason> refusal();

    /// The server has taken it.
    void succeeded();

    /// The server has refused it.
    void failed(Reason reason);

    @Override
    void close();
  }

  /// What is known of one password at one server.
  private final class Account {
    private final ReentrantLock trying = new ReentrantLock();
    private volatile boolean proven;
    private volatile Instant until = Instant.MIN;
    private volatile Optional<Reason> why = Optional.empty();

    Optional<Reason> refusal() {
      return clock.instant().isBefore(until) ? why : Optional.empty();
    }

    Turn turn(Duration patience) {
      boolean mine = !proven && waited(patience);
      return new Turn() {
        @Override
        public Optional<Reason> refusal() {
          return Account.this.refusal();
        }

        @Override
        public void succeeded() {
          proven = true;
          until = Instant.MIN;
        }

        @Override
        public void failed(Reason reason) {
          proven = false;
          why = Optional.of(reason);
          until = clock.instant().plus(rest);
        }

        @Override
        public void close() {
          if (mine) {
            trying.unlock();
          }
        }
      };
    }

    private boolean waited(Duration patience) {
      try {
        return trying.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
