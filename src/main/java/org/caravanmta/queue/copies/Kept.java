package org.caravanmta.queue.copies;

/// What a node keeps of one journal of another.
///
/// @param node whose it is
/// @param source the journal
public record Kept(String node, String source) {}
