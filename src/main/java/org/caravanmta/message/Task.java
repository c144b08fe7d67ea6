package org.caravanmta.message;

/// Something to be put on a queue.
///
/// @param queue the queue's name: `routing`, `delivery.smtp`, `deferred.5m`
/// @param body a {@link Mail}, a {@link Notice}, …: what the stage after that queue takes
public record Task(String queue, Object body) {}
