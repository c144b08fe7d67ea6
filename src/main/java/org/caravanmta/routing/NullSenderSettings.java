package org.caravanmta.routing;

import org.caravanmta.config.Require;

/// The section `routing.null-sender`: by which key tables of senders know the null reverse path
/// (RFC 5321 §4.5.5).
public record NullSenderSettings(String transportKey, String relayhostKey) {
  public NullSenderSettings {
    Require.notBlank("transport-key", transportKey);
    Require.notBlank("relayhost-key", relayhostKey);
  }
}
