package org.caravanmta.routing;

/// The section `routing.null-sender`: by which key tables of senders know the null reverse path
/// (RFC 5321 §4.5.5).
public record NullSenderSettings(String transportKey, String relayhostKey) {
  public NullSenderSettings {
    if (transportKey.isBlank() || relayhostKey.isBlank()) {
      throw new IllegalArgumentException("transport-key and relayhost-key must not be empty");
    }
  }
}
