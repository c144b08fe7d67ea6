package org.caravanmta.sasl.server;

import java.net.InetAddress;
import java.util.Map;

/// What a login comes over (RFC 4422 §3.7).
///
/// @param client where it comes from
/// @param own whether that is an own network, which may fail as often as it likes: a web mail of
///   ours logs all its users in
/// @param secure whether nobody in between can read it
/// @param bindings the bytes it can be bound to, by kind: `tls-exporter` (RFC 9266 §2),
///   `tls-server-end-point` (RFC 5929 §4)
public record Channel(
    InetAddress client, boolean own, boolean secure, Map<String, byte[]> bindings) {}
