package org.caravanmta.sasl.server;

import java.util.List;
import java.util.Set;

/// The SASL mechanisms (RFC 4422 §3.1) that we can do ourselves, by what each of them needs.
final class Mechanisms {
  /// Offered if the settings name none.
  static final List<String> USUAL = List.of("PLAIN", "LOGIN");

  /// Need accounts of any kind.
  static final Set<String> BY_PASSWORD = Set.of("PLAIN", "LOGIN");

  /// Need accounts that are kept as SCRAM keys or in the clear (RFC 5802 §3).
  static final Set<String> BY_KEYS = Set.of(Scram.NAME, Scram.PLUS);

  /// Need a JWKS file.
  static final Set<String> BY_TOKEN = Set.of(Bearer.NAME, Bearer.OLD_NAME);

  private Mechanisms() {}

  /// Checks the setting `sasl.mechanisms`: we must be able to do all of them.
  ///
  /// @param keys whether accounts may be kept so that SCRAM is possible
  /// @param tokens whether tokens can be checked
  /// @throws IllegalArgumentException names the mechanism that we cannot do, and why
  static void require(List<String> mechanisms, boolean keys, boolean tokens) {
    for (String mechanism : mechanisms) {
      if (!BY_PASSWORD.contains(mechanism)
          && !BY_KEYS.contains(mechanism)
          && !BY_TOKEN.contains(mechanism)) {
        throw new IllegalArgumentException("mechanisms " + mechanism + " is not known here");
      }
      if (BY_TOKEN.contains(mechanism) && !tokens) {
        throw new IllegalArgumentException("mechanisms " + mechanism + " needs sasl.oauth.keys");
      }
      if (BY_KEYS.contains(mechanism) && !keys) {
        throw new IllegalArgumentException(
            "mechanisms " + mechanism + " needs sasl.passwords or sasl.jdbc");
      }
    }
  }
}
