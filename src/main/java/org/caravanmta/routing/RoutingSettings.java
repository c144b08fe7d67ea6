package org.caravanmta.routing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.TableName;

/// The section `routing`: which transport and next hop mail takes.
public record RoutingSettings(
    List<TableName> transport,
    String local,
    String virtual,
    String relay,
    String other,
    List<TableName> senderTransport,
    List<TableName> senderRelayhost,
    NullSenderSettings nullSender,
    List<TableName> relocated,
    Optional<String> contentFilter) {
  public RoutingSettings {
    NamedTransport.require("local", local);
    NamedTransport.require("virtual", virtual);
    NamedTransport.require("relay", relay);
    NamedTransport.require("other", other);
    if (contentFilter.isPresent()) {
      try {
        NamedTransport.filter(contentFilter.get());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "content-filter must be TRANSPORT:NEXTHOP such as smtp:[127.0.0.1]:10025", e);
      }
    }
  }

  /// Every transport that the settings name, by its key.
  public Map<String, String> transports() {
    var named = new LinkedHashMap<String, String>();
    named.put("local", local);
    named.put("virtual", virtual);
    named.put("relay", relay);
    named.put("other", other);
    contentFilter.ifPresent(filter -> named.put("content-filter", filter));
    return named;
  }
}
