package org.caravanmta.state;

import java.time.Instant;

/// A sender that is blocked.
///
/// @param sender an address or a domain, in the form that all ways to write it have in common
/// @param recipient an address or a domain likewise; empty: it is blocked for everybody
/// @param author who has blocked it
public record BlockedSender(String sender, String recipient, String author, Instant since) {}
