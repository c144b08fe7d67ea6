package org.caravanmta.config;

import java.util.List;

/// The section `routing`: which transport and next hop mail takes.
public record RoutingSettings(
    List<TableName> transport,
    String local,
    String virtual,
    String relay,
    String other,
    List<TableName> senderTransport,
    List<TableName> senderRelayhost,
    List<TableName> relocated) {
  public RoutingSettings {
    transport("local", local);
    transport("virtual", virtual);
    transport("relay", relay);
    transport("other", other);
  }

  static void transport(String key, String value) {
    if (!value.matches("[a-z][a-z0-9._-]*(?::.*)?")) {
      throw new IllegalArgumentException(key + " must be a transport, NAME or NAME:NEXTHOP");
    }
  }
}
