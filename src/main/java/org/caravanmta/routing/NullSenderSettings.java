package org.caravanmta.routing;

import org.caravanmta.config.Require;

/// The section `routing.null-sender`: by which key tables of senders know the null reverse path
/// (RFC 5321 §4.5.5; postfix `empty_address_default_transport_maps_lookup_key`,
/// `empty_address_relayhost_maps_lookup_key`).
public record NullSenderSettings(String transportKey, String relayhostKey) {
  public NullSenderSettings {
    Require.notBlank("transport-key", transportKey);
    Require.notBlank("relayhost-key", relayhostKey);
  }
}
