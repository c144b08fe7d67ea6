/// The Camel component `artemis:NAME`: endpoints, producers, and the route after a queue as the
/// stage that its readers feed.
@NullMarked
package org.caravanmta.queue.camel;

import org.jspecify.annotations.NullMarked;
