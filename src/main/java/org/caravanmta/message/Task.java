package org.caravanmta.message;

/// A value that is to be put into a queue.
///
/// @param queue the name of the queue: `routing`, `delivery.smtp`, `deferred.5m`
/// @param body what the stage after that queue takes: a {@link Mail}, a {@link Notice}, …
public record Task(String queue, Object body) {}
