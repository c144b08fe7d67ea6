package org.caravanmta.delivery.remote;

import java.time.Duration;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.smtp.client.ConnectionSettings;

/// The keys of the section `delivery` that say how mail goes to other servers (RFC 5321 §5.1).
///
/// @param port the port of next hops that name none (postfix `smtp_tcp_port`)
/// @param connection how long each step may take, how long an idle connection is kept, and what may
///   be sent on it
/// @param concurrency the most tasks at work for one destination at a time (postfix
///   `default_destination_concurrency_limit`)
/// @param suspension how long a destination that cannot be reached is left alone (postfix
///   `minimal_backoff_time`)
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

  /// The same for content filters, which get messages as they are and have no fallback relay.
  RemoteSettings toFilters() {
    return new RemoteSettings(
        port, connection.contentAsItIs(), concurrency, suspension, outgoing.toFilters());
  }
}
