package org.caravanmta.reception.limits;

import org.caravanmta.address.Networks;
import org.caravanmta.config.Require;

/// The section `limits`: what one client may have of each listener (RFC 5321 §4.5.4.2).
public record LimitSettings(
    int connectionCount,
    int connectionRate,
    int messageRate,
    int recipientRate,
    int ipv4Prefix,
    int ipv6Prefix,
    boolean exemptOwn,
    Networks exempt,
    MemorySettings memory) {
  public LimitSettings {
    Require.atLeast(0, "connection-count", connectionCount);
    Require.atLeast(0, "connection-rate", connectionRate);
    Require.atLeast(0, "message-rate", messageRate);
    Require.atLeast(0, "recipient-rate", recipientRate);
    Require.within(32, "ipv4-prefix", ipv4Prefix);
    Require.within(128, "ipv6-prefix", ipv6Prefix);
  }
}
