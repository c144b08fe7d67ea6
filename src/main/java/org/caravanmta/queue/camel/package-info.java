/// The Camel component `artemis:NAME`: endpoints, producers, and the {@link Stage} behind a queue.
@NullMarked
package org.caravanmta.queue.camel;

import org.jspecify.annotations.NullMarked;
