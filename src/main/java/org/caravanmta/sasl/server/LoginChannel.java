package org.caravanmta.sasl.server;

import java.net.InetAddress;
import java.util.Map;

/// The channel over which a client logs in (RFC 4422 §3.7).
///
/// @param client the address of the client
/// @param own whether that is in a network of our own, where logins may fail without limit: a
///   webmail server logs all its users in from one address
/// @param secure whether the channel is encrypted
/// @param bindings the channel binding data by type: `tls-exporter` (RFC 9266 §2),
///   `tls-server-end-point` (RFC 5929 §4)
public record LoginChannel(
    InetAddress client, boolean own, boolean secure, Map<String, byte[]> bindings) {}
