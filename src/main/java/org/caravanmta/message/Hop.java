package org.caravanmta.message;

/// Where a delivery task goes: the transport, and what it delivers to.
///
/// @param transport `smtp`, `lmtp`, `local`, `error`, `discard`, …: the queue
///   `delivery.<transport>` takes it
/// @param nextHop in the transport's own syntax: `example.org` (by MX), `[relay.example.org]:2525`
///   (that host), …
public record Hop(String transport, String nextHop) {}
