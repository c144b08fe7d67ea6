package org.caravanmta.tls;

/// The versions and ciphers that may be agreed on in a TLS handshake (RFC 9325 §3.1, §4.2).
public record Strength(Protocols protocols, Ciphers ciphers) {
  /// What applies without any settings.
  public static final Strength USUAL =
      new Strength(Protocols.parse(">=TLSv1.2"), Ciphers.of("high", ""));

  /// @throws IllegalArgumentException if no cipher is for any of the versions
  public Strength {
    boolean possible =
        protocols.names().stream()
            .anyMatch(
                version ->
                    ciphers.names().stream()
                        .anyMatch(name -> name.contains("_WITH_") == version.equals("TLSv1.2")));
    if (!possible) {
      throw new IllegalArgumentException(
          "no cipher is left for " + String.join(" and ", protocols.names()));
    }
  }
}
