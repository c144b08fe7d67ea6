package org.caravanmta.cluster.lock;

/// The note about a node whose journal was taken over.
///
/// @param by who has
/// @param epoch larger for each time
/// @param complete whether all of it is on the other's queues
public record Taken(String by, long epoch, boolean complete) {}
