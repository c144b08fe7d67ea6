package org.caravanmta.delivery.remote;

import java.time.Duration;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.smtp.client.ConnectionSettings;

/// Keys of the section `delivery`: how mail goes to other servers, and how long each step may take.
///
/// @param port for next hops that name no port
/// @param concurrency tasks at work for one destination
/// @param suspension how long a destination that cannot be reached is left alone
public record RemoteSettings(
    int port,
    @Flat ConnectionSettings connection,
    int concurrency,
    Duration suspension,
    OutgoingSettings outgoing) {
  public RemoteSettings {
    Require.atLeast(1, "port", port);
    if (port > 65535) {
      throw new IllegalArgumentException("port must be at most 65535");
    }
    Require.atLeast(1, "concurrency", concurrency);
  }

  /// The same towards content filters: messages go as they are, to this filter or none.
  RemoteSettings toFilters() {
    return new RemoteSettings(
        port, connection.contentAsItIs(), concurrency, suspension, outgoing.toFilters());
  }
}
