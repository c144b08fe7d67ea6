package org.caravanmta.sasl.server;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Logs clients in by accounts and tokens that we check ourselves (RFC 4422 §3.3).
public final class Logins implements Authenticator {
  private final List<String> mechanisms;
  private final Optional<Accounts> accounts;
  private final Optional<BearerTokens> tokens;
  private final LoginFailures failures;

  private Logins(
      List<String> mechanisms,
      Optional<Accounts> accounts,
      Optional<BearerTokens> tokens,
      LoginFailures failures) {
    this.mechanisms = List.copyOf(mechanisms);
    this.accounts = accounts;
    this.tokens = tokens;
    this.failures = failures;
  }

  /// Logins by the section `sasl` of the settings.
  ///
  /// @throws IllegalArgumentException names the file that cannot be used, and why
  public static Logins of(SaslSettings own, LoginFailures failures, InstantSource clock) {
    return of(
        own.mechanisms().isEmpty() ? Mechanisms.USUAL : own.mechanisms(),
        accounts(own, clock),
        own.oauth(),
        failures,
        clock);
  }

  /// Logins by accounts, by tokens, or by both.
  ///
  /// @param mechanisms those to offer, in this order; those that need accounts are offered only if
  ///   there are some
  /// @param accounts empty if nobody has a password
  /// @param tokens which tokens are good; without a JWKS file, none
  /// @param failures counts the failed logins of each client as each user
  /// @throws IllegalArgumentException says what is wrong with the JWKS file
  public static Logins of(
      List<String> mechanisms,
      Optional<Accounts> accounts,
      SaslSettings.Oauth tokens,
      LoginFailures failures,
      InstantSource clock) {
    Optional<BearerTokens> reader =
        tokens.keys().map(keys -> new BearerTokens(keys, tokens, clock));
    return new Logins(mechanisms, accounts, reader, failures);
  }

  private static Optional<Accounts> accounts(SaslSettings own, InstantSource clock) {
    var jdbc = own.jdbc();
    return own.passwords()
        .map(file -> file(file, clock))
        .or(
            () ->
                jdbc.url()
                    .map(url -> database(url, jdbc.user(), jdbc.password().text(), jdbc.query())))
        .or(() -> own.ldap().url().map(url -> directory(url, own.ldap().entry())));
  }

  /// Accounts in a password file.
  ///
  /// @throws IllegalArgumentException says what is wrong with it
  public static Accounts file(Path file, InstantSource clock) {
    return new StoredAccounts(new PasswordFile(file, clock));
  }

  /// Accounts in a database.
  ///
  /// @param query has one `?` in place of the user
  public static Accounts database(String url, String user, String password, String query) {
    return new StoredAccounts(new PasswordQuery(url, user, password, query));
  }

  /// Accounts in an LDAP directory.
  ///
  /// @param entry the distinguished name to bind as, with `%u` in place of the user
  public static Accounts directory(String url, String entry) {
    return new LdapBind(url, entry);
  }

  @Override
  public List<String> mechanisms(LoginChannel channel) {
    var offered = new ArrayList<String>();
    for (String mechanism : mechanisms) {
      boolean possible =
          Mechanisms.BY_TOKEN.contains(mechanism)
              || accounts.isPresent()
                  && (!mechanism.equals(Scram.PLUS) || !channel.bindings().isEmpty());
      if (possible) {
        offered.add(mechanism);
      }
    }
    return List.copyOf(offered);
  }

  @Override
  public Optional<Exchange> begin(String mechanism, LoginChannel channel) {
    List<String> offered = mechanisms(channel);
    if (!offered.contains(mechanism)) {
      return Optional.empty();
    }
    boolean plus = offered.contains(Scram.PLUS);
    Optional<Accounts> asked = accounts.map(all -> guarded(all, channel));
    return switch (mechanism) {
      case "PLAIN" -> asked.map(PasswordMechanisms::plain);
      case "LOGIN" -> asked.map(PasswordMechanisms::login);
      case Scram.NAME -> asked.map(a -> new Scram(a, channel, false, plus));
      case Scram.PLUS -> asked.map(a -> new Scram(a, channel, true, plus));
      case Bearer.NAME -> tokens.map(t -> new Bearer(t, false));
      case Bearer.OLD_NAME -> tokens.map(t -> new Bearer(t, true));
      default -> Optional.empty();
    };
  }

  /// The accounts, guarded against guessing unless the client is in a network of our own.
  private Accounts guarded(Accounts all, LoginChannel channel) {
    return channel.own()
        ? all
        : new GuardedAccounts(all, failures, LoginFailures.Who.client(channel.client()));
  }

  @Override
  public void close() {
    accounts.ifPresent(Accounts::close);
  }
}
