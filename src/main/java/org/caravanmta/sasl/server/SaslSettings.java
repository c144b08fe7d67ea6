package org.caravanmta.sasl.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Secret;
import org.caravanmta.table.DatabaseUrl;

/// The section `sasl`: how users log in (RFC 4954), and where their accounts are.
///
/// @param mechanisms those to offer, in this order; empty for PLAIN and LOGIN, or all of Dovecot's
/// @param plaintext whether users may log in without TLS (postfix `smtpd_tls_auth_only`, reversed)
/// @param passwords the password file
/// @param dovecot the address of Dovecot's auth service
/// @param jdbc passwords in a database
/// @param ldap accounts in a directory
/// @param oauth which bearer tokens are good
/// @param failures how many logins may fail
public record SaslSettings(
    List<String> mechanisms,
    boolean plaintext,
    Optional<Path> passwords,
    Optional<String> dovecot,
    Jdbc jdbc,
    Ldap ldap,
    Oauth oauth,
    @Flat FailureLimits failures) {
  public SaslSettings {
    long ways =
        Stream.of(passwords, dovecot, jdbc.url(), ldap.url()).filter(Optional::isPresent).count();
    if (ways > 1) {
      throw new IllegalArgumentException(
          "only one of passwords, dovecot, jdbc.url and ldap.url can know the users");
    }
    dovecot.ifPresent(DovecotAuth::parse);
    if (dovecot.isPresent() && mechanisms.contains(Scram.PLUS)) {
      throw new IllegalArgumentException(
          "mechanisms " + Scram.PLUS + " is not possible with sasl.dovecot");
    }
    // Dovecot has mechanisms of its own, and where nobody can log in none is offered
    if (dovecot.isEmpty() && (ways > 0 || oauth.keys().isPresent())) {
      Mechanisms.require(
          mechanisms, passwords.isPresent() || jdbc.url().isPresent(), oauth.keys().isPresent());
    }
  }

  /// Whether anybody can log in.
  public boolean knowsUsers() {
    return Stream.of(passwords, dovecot, jdbc.url(), ldap.url(), oauth.keys())
        .anyMatch(Optional::isPresent);
  }

  /// Passwords in a database.
  ///
  /// @param url empty if there is none
  /// @param query has one `?` in place of the user; its first column is `{SCHEME}hash`
  public record Jdbc(Optional<String> url, String user, Secret password, String query) {
    public Jdbc {
      DatabaseUrl.require("url", url);
      if (query.chars().filter(c -> c == '?').count() != 1) {
        throw new IllegalArgumentException("query must have one ?, for the user");
      }
    }
  }

  /// Accounts in a directory.
  ///
  /// @param url `ldap://host` or `ldaps://host`; empty if there is none
  /// @param entry the distinguished name of a user's entry, with `%u` in place of the user's name
  public record Ldap(Optional<String> url, String entry) {
    public Ldap {
      if (url.isPresent() && !url.get().matches("ldaps?://.+")) {
        throw new IllegalArgumentException("url must be ldap://host or ldaps://host");
      }
      // without %u every user would bind as the same entry
      if (!entry.contains("%u")) {
        throw new IllegalArgumentException("entry must contain %u, the user");
      }
    }
  }

  /// Which bearer tokens are good (RFC 7519 §4.1).
  ///
  /// @param keys the JWKS file; empty if no tokens are accepted
  /// @param issuer the issuer that the token must name; empty for any
  /// @param audience the audience that the token must name; empty for any
  /// @param userClaim the claim that names the user: `email`
  public record Oauth(
      Optional<Path> keys, Optional<String> issuer, Optional<String> audience, String userClaim) {
    public Oauth {
      if (userClaim.isEmpty()) {
        throw new IllegalArgumentException("user-claim must be a claim such as email");
      }
    }
  }
}
