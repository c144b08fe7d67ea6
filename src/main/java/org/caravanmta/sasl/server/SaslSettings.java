package org.caravanmta.sasl.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Secret;
import org.caravanmta.table.DatabaseUrl;

/// The section `sasl`: how users log in (RFC 4954), and who knows them.
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
    // Dovecot knows its own, and without users nobody logs in
    if (dovecot.isEmpty() && (ways > 0 || oauth.keys().isPresent())) {
      Mechanisms.require(
          mechanisms, passwords.isPresent() || jdbc.url().isPresent(), oauth.keys().isPresent());
    }
  }

  /// Whether anybody can log in at all.
  public boolean knowsUsers() {
    return Stream.of(passwords, dovecot, jdbc.url(), ldap.url(), oauth.keys())
        .anyMatch(Optional::isPresent);
  }

  public record Jdbc(Optional<String> url, String user, Secret password, String query) {
    public Jdbc {
      DatabaseUrl.require("url", url);
      if (query.chars().filter(c -> c == '?').count() != 1) {
        throw new IllegalArgumentException("query must have one ?, for the user");
      }
    }
  }

  public record Ldap(Optional<String> url, String entry) {
    public Ldap {
      if (url.isPresent() && !url.get().matches("ldaps?://.+")) {
        throw new IllegalArgumentException("url must be ldap://host or ldaps://host");
      }
      // without the user, everybody would be the same entry
      if (!entry.contains("%u")) {
        throw new IllegalArgumentException("entry must contain %u, the user");
      }
    }
  }

  /// Which tokens are good (RFC 7519 §4.1).
  ///
  /// @param keys the JWKS file
  /// @param issuer who must have made the token
  /// @param audience whom it must be meant for
  /// @param userClaim the claim that names the user, `email`
  public record Oauth(
      Optional<Path> keys, Optional<String> issuer, Optional<String> audience, String userClaim) {
    public Oauth {
      if (userClaim.isEmpty()) {
        throw new IllegalArgumentException("user-claim must be a claim such as email");
      }
    }
  }
}
