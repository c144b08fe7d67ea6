package org.caravanmta.tls;

import java.util.function.Supplier;

/// The section `tls.strength`: the versions and ciphers that clients may agree on with us. The
/// values that begin with `mandatory` are for listeners where clients must use TLS, the others for
/// those where they may speak in the clear.
///
/// @param protocols see {@link Protocols#parse} (postfix `smtpd_tls_protocols`)
/// @param mandatoryProtocols likewise (postfix `smtpd_tls_mandatory_protocols`)
/// @param ciphers a grade, see {@link Ciphers#of} (postfix `smtpd_tls_ciphers`)
/// @param mandatoryCiphers likewise (postfix `smtpd_tls_mandatory_ciphers`)
/// @param excludeCiphers see {@link Ciphers#of}; for both kinds of listeners (postfix
///   `smtpd_tls_exclude_ciphers`)
/// @param mandatoryExcludeCiphers excluded in addition (postfix
///   `smtpd_tls_mandatory_exclude_ciphers`)
public record TlsStrengthSettings(
    String protocols,
    String mandatoryProtocols,
    String ciphers,
    String mandatoryCiphers,
    String excludeCiphers,
    String mandatoryExcludeCiphers) {
  public TlsStrengthSettings {
    checkKey("protocols", () -> Protocols.parse(protocols));
    checkKey("mandatory-protocols", () -> Protocols.parse(mandatoryProtocols));
    checkKey("ciphers", () -> Ciphers.of(ciphers, ""));
    checkKey("mandatory-ciphers", () -> Ciphers.of(mandatoryCiphers, ""));
    checkKey("exclude-ciphers", () -> strength(protocols, ciphers, excludeCiphers));
    checkKey(
        "mandatory-exclude-ciphers",
        () ->
            strength(
                mandatoryProtocols,
                mandatoryCiphers,
                excludeCiphers + " " + mandatoryExcludeCiphers));
  }

  /// For listeners where clients may speak in the clear.
  public Strength opportunistic() {
    return strength(protocols, ciphers, excludeCiphers);
  }

  /// For listeners where clients must use TLS.
  public Strength mandatory() {
    return strength(
        mandatoryProtocols, mandatoryCiphers, excludeCiphers + " " + mandatoryExcludeCiphers);
  }

  private static Strength strength(String protocols, String ciphers, String excluded) {
    return new Strength(Protocols.parse(protocols), Ciphers.of(ciphers, excluded));
  }

  /// Checks a value, and puts its key before the message of the exception.
  private static void checkKey(String key, Supplier<?> value) {
    try {
      var _ = value.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + " cannot be used: " + e.getMessage(), e);
    }
  }
}
