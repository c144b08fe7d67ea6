/// What a broker is to Caravan, wherever it runs: a {@link Link} takes frames from queues, an
/// {@link Outlet} sends them, a {@link Frame} is what travels.
@NullMarked
package org.caravanmta.queue.spi;

import org.jspecify.annotations.NullMarked;
