package org.caravanmta.sasl.client;

import org.caravanmta.config.Secret;

/// What shows a server that we are a user. Never printed.
public sealed interface LoginProof {
  /// A password.
  ///
  /// @param secret may be empty
  record Password(Secret secret) implements LoginProof {}

  /// An access token of OAuth 2.0 (RFC 6749 §1.4), which changes while its source stays the same.
  record Token(TokenSource source) implements LoginProof {}
}
