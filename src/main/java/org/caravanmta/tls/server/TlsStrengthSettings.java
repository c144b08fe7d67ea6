package org.caravanmta.tls.server;

import java.util.function.Supplier;

/// The section `tls.strength`: which versions and ciphers clients may agree on with us.
public record TlsStrengthSettings(
    String protocols,
    String mandatoryProtocols,
    String ciphers,
    String mandatoryCiphers,
    String excludeCiphers,
    String mandatoryExcludeCiphers) {
  public TlsStrengthSettings {
    named("protocols", () -> Protocols.parse(protocols));
    named("mandatory-protocols", () -> Protocols.parse(mandatoryProtocols));
    named("ciphers", () -> Ciphers.of(ciphers, ""));
    named("mandatory-ciphers", () -> Ciphers.of(mandatoryCiphers, ""));
    named("exclude-ciphers", () -> strength(protocols, ciphers, excludeCiphers));
    named(
        "mandatory-exclude-ciphers",
        () ->
            strength(
                mandatoryProtocols,
                mandatoryCiphers,
                excludeCiphers + " " + mandatoryExcludeCiphers));
  }

  /// Where clients may speak in the clear.
  public Strength opportunistic() {
    return strength(protocols, ciphers, excludeCiphers);
  }

  /// Where they have to use TLS.
  public Strength mandatory() {
    return strength(
        mandatoryProtocols, mandatoryCiphers, excludeCiphers + " " + mandatoryExcludeCiphers);
  }

  private static Strength strength(String protocols, String ciphers, String excluded) {
    return new Strength(Protocols.parse(protocols), Ciphers.of(ciphers, excluded));
  }

  private static void named(String key, Supplier<?> value) {
    try {
      var _ = value.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + " cannot be used: " + e.getMessage(), e);
    }
  }
}
