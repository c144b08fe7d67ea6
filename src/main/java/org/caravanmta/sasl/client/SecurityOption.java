package org.caravanmta.sasl.client;

import java.util.Set;

/// A kind of mechanism that is not used (postfix `smtp_sasl_security_options`).
public enum SecurityOption {
  /// None that sends the password or token itself.
  NOPLAINTEXT,
  /// None without a user; there is none here, so this is always so.
  NOANONYMOUS,
  /// None that somebody in the connection could use to log in elsewhere.
  NOACTIVE,
  /// None by which an eavesdropper could guess a password.
  NODICTIONARY,
  /// None that leaves open whether the server knows the password too (RFC 5802 §3).
  MUTUAL_AUTH;

  /// Whether a mechanism is of this kind.
  boolean forbids(String mechanism) {
    boolean scram = mechanism.startsWith(ScramClient.PREFIX);
    return switch (this) {
      case NOPLAINTEXT -> SENDS_IT.contains(mechanism);
      case NOANONYMOUS -> false;
      case NOACTIVE, MUTUAL_AUTH -> !scram;
      case NODICTIONARY -> !BearerClient.NAMES.contains(mechanism);
    };
  }

  private static final Set<String> SENDS_IT =
      Set.of(PlainClient.NAME, LoginClient.NAME, BearerClient.NAME, BearerClient.OLD_NAME);
}
