package org.caravanmta.sasl.server;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Logins that we decide ourselves, by accounts and tokens (RFC 4422 §3.3).
public final class Logins implements Authenticator {
  private final List<String> mechanisms;
  private final Optional<Accounts> accounts;
  private final Optional<BearerTokens> tokens;
  private final Failures failures;

  private Logins(
      List<String> mechanisms,
      Optional<Accounts> accounts,
      Optional<BearerTokens> tokens,
      Failures failures) {
    this.mechanisms = List.copyOf(mechanisms);
    this.accounts = accounts;
    this.tokens = tokens;
    this.failures = failures;
  }

  /// As the settings have it.
  ///
  /// @throws IllegalArgumentException says which file cannot be used, and why
  public static Logins of(SaslSettings own, Failures failures, InstantSource clock) {
    return of(
        own.mechanisms().isEmpty() ? Mechanisms.USUAL : own.mechanisms(),
        accounts(own, clock),
        own.oauth(),
        failures,
        clock);
  }

  /// By whichever of the ways is there.
  ///
  /// @param mechanisms those to offer, in this order; those by password only where accounts are
  /// @param failures counts failed logins of each client as each user
  /// @param tokens which of them are good
  /// @throws IllegalArgumentException says what is wrong with the file of keys
  public static Logins of(
      List<String> mechanisms,
      Optional<Accounts> accounts,
      SaslSettings.Oauth tokens,
      Failures failures,
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

  /// Accounts in a file.
  ///
  /// @throws IllegalArgumentException says what is wrong with it
  public static Accounts file(Path file, InstantSource clock) {
    return new StoredAccounts(new PasswordFile(file, clock));
  }

  /// Accounts in a database.
  ///
  /// @param query with one `?`, the user
  public static Accounts database(String url, String user, String password, String query) {
    return new StoredAccounts(new PasswordQuery(url, user, password, query));
  }

  /// Accounts in a directory.
  ///
  /// @param entry the distinguished name to bind as, with `%u` for the user
  public static Accounts directory(String url, String entry) {
    return new LdapBind(url, entry);
  }

  @Override
  public List<String> mechanisms(Channel channel) {
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
  public Optional<Exchange> begin(String mechanism, Channel channel) {
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

  private Accounts guarded(Accounts all, Channel channel) {
    return channel.own()
        ? all
        : new GuardedAccounts(all, failures, Failures.Who.client(channel.client()));
  }

  @Override
  public void close() {
    accounts.ifPresent(Accounts::close);
  }
}
