package org.caravanmta.share;

/// A limit that all nodes have in common.
///
/// @param most tasks at work at a time on all nodes together, at least 1; {@link Integer#MAX_VALUE}
///   for any number
/// @param spaced whether there is a rest between one task and the next, on whichever nodes
public record CommonLimit(int most, boolean spaced) {}
