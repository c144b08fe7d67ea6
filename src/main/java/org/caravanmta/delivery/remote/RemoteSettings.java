package org.caravanmta.delivery.remote;

import java.time.Duration;
import org.caravanmta.config.Require;

/// Keys of the section `delivery`: how mail goes to other servers, and how long each step may take.
public record RemoteSettings(
    int port,
    Duration connectTimeout,
    Duration commandTimeout,
    Duration dataTimeout,
    int concurrency,
    Duration connectionIdle,
    Duration suspension,
    int lineLimit,
    boolean sevenBit,
    OutgoingSettings outgoing) {
  public RemoteSettings {
    Require.atLeast(1, "port", port);
    if (port > 65535) {
      throw new IllegalArgumentException("port must be at most 65535");
    }
    if (lineLimit != 0) {
      Require.atLeast(78, "line-limit", lineLimit);
    }
    Require.positive("connect-timeout", connectTimeout);
    Require.positive("command-timeout", commandTimeout);
    Require.positive("data-timeout", dataTimeout);
    Require.atLeast(1, "concurrency", concurrency);
  }
}
