package org.caravanmta.queue.camel;

import java.time.Duration;

/// How a stage takes messages, as the start of its route says; see {@link ArtemisEndpoint} for each
/// option.
///
/// @param name of the queue, or of the family
/// @param question whether what comes is a question, and the stage's answer goes back
record StageOptions(
    String name,
    boolean question,
    boolean held,
    int consumers,
    int batch,
    int window,
    Duration gather,
    Settle settle) {}
