/// What a broker is to Caravan, wherever it runs: a {@link org.caravanmta.queue.spi.Broker} opens a
/// {@link org.caravanmta.queue.spi.Link}, which takes frames from queues, an {@link
/// org.caravanmta.queue.spi.Outlet}, which sends them, and {@link
/// org.caravanmta.queue.spi.QuestionChannel}s; a {@link org.caravanmta.queue.spi.Frame} is what
/// travels. It imports nothing else of the queues.
@NullMarked
package org.caravanmta.queue.spi;

import org.jspecify.annotations.NullMarked;
