package org.caravanmta.delivery.remote;

import org.caravanmta.config.Secret;

/// What a table of passwords has for a server, next hop or sender, in the form of postfix
/// `smtp_sasl_password_maps`: `user:password`, or `user:{oauth2}NAME` for an access token.
sealed interface PasswordEntry {
  /// What is written in place of a password if a token is meant.
  String TOKEN = "{oauth2}";

  /// A password.
  ///
  /// @param password may be empty, and may have colons in it
  record WithPassword(String user, Secret password) implements PasswordEntry {}

  /// A token.
  ///
  /// @param token its name in `delivery.sasl.tokens`
  record WithToken(String user, String token) implements PasswordEntry {}

  /// Reads a value.
  ///
  /// @throws IllegalArgumentException says what is wrong, without any of it
  static PasswordEntry parse(String value) {
    int colon = value.indexOf(':');
    String user = colon < 0 ? value : value.substring(0, colon);
    String rest = colon < 0 ? "" : value.substring(colon + 1);
    if (user.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("expected user:password");
    }
    if (!rest.startsWith(TOKEN)) {
      return new WithPassword(user, new Secret(rest));
    }
    String name = rest.substring(TOKEN.length());
    if (name.isEmpty()) {
      throw new IllegalArgumentException("expected user:{oauth2}NAME");
    }
    return new WithToken(user, name);
  }
}
