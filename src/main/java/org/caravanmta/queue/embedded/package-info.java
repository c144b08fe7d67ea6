/// The {@link org.caravanmta.queue.embedded.EmbeddedBroker} inside this process, and the ways to it
/// that need no connection.
@NullMarked
package org.caravanmta.queue.embedded;

import org.jspecify.annotations.NullMarked;
