package org.caravanmta.reception.limits;

import org.caravanmta.address.Networks;
import org.caravanmta.config.Require;

/// The section `limits`: how much one client may have of each listener (RFC 5321 §4.5.4.2):
/// sessions at one time, and connections, messages and recipients in a minute. 0 means no limit.
///
/// @param connectionCount sessions at one time (postfix `smtpd_client_connection_count_limit`)
/// @param connectionRate connections in a minute, refused ones included (postfix
///   `smtpd_client_connection_rate_limit`)
/// @param messageRate MAIL commands in a minute, whatever the reply (postfix
///   `smtpd_client_message_rate_limit`)
/// @param recipientRate RCPT and VRFY commands in a minute, whatever the reply (postfix
///   `smtpd_client_recipient_rate_limit`)
/// @param ipv4Prefix clients whose IPv4 addresses have this many leading bits in common count as
///   one
/// @param ipv6Prefix the same for IPv6
/// @param exemptOwn whether the limits are not for clients in our own networks
/// @param exempt other networks that the limits are not for
/// @param memory what all sessions together may hold
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
