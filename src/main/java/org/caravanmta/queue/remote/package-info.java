/// The ways to a broker elsewhere (`broker.url`), over the Artemis core client.
@NullMarked
package org.caravanmta.queue.remote;

import org.jspecify.annotations.NullMarked;
