package org.caravanmta.reception.limits;

import org.caravanmta.address.NetworkList;

/// How much one client may have of the server (RFC 5321 §4.5.4.2): sessions at one time, and
/// connections, messages and recipients in a minute. 0 means no limit.
///
/// @param connectionCount sessions at one time (Postfix: smtpd_client_connection_count_limit)
/// @param connectionRate connections in a minute, refused ones among them
/// @param messageRate MAIL commands in a minute, whatever becomes of them
/// @param recipientRate RCPT and VRFY commands in a minute, whatever becomes of them
/// @param ipv4Prefix leading bits of an IPv4 address that make two clients one
/// @param ipv6Prefix leading bits of an IPv6 address that make two clients one
/// @param exempt whose clients have no limit
public record ClientLimits(
    int connectionCount,
    int connectionRate,
    int messageRate,
    int recipientRate,
    int ipv4Prefix,
    int ipv6Prefix,
    NetworkList exempt) {}
