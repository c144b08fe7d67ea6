/// A {@link org.caravanmta.queue.remote.RemoteBroker}, and the ways to it (`broker.url`), over the
/// Artemis core client.
@NullMarked
package org.caravanmta.queue.remote;

import org.jspecify.annotations.NullMarked;
