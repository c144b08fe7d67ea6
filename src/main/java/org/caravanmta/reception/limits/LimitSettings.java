package org.caravanmta.reception.limits;

import org.caravanmta.address.Networks;
import org.caravanmta.config.Require;

/// The section `limits`: how much one client may have of each listener (RFC 5321 §4.5.4.2):
/// sessions at one time, and connections, messages and recipients in a minute. 0 means no limit.
///
/// @param connectionCount sessions at one time (Postfix: smtpd_client_connection_count_limit)
/// @param connectionRate connections in a minute, refused ones among them
/// @param messageRate MAIL commands in a minute, whatever becomes of them
/// @param recipientRate RCPT and VRFY commands in a minute, whatever becomes of them
/// @param ipv4Prefix leading bits of an IPv4 address that make two clients one
/// @param ipv6Prefix leading bits of an IPv6 address that make two clients one
/// @param exemptOwn whether the clients in our own networks have no limit
/// @param exempt whose clients have no limit either
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
