package org.caravanmta.queue.spi;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.caravanmta.queue.spi.Broker.Turn;

/// The turns of this process, in the order in which they were asked for.
public final class Turns {
  /// Longer than a verb takes for the most messages that it changes at a time, in minutes.
  public static final long LONGEST = 10;

  private final Semaphore free = new Semaphore(1, true);

  /// Waits for the turn.
  ///
  /// @throws QueueUnavailable if it does not come
  public Turn take() throws InterruptedException {
    if (!free.tryAcquire(LONGEST, TimeUnit.MINUTES)) {
      throw new QueueUnavailable("another verb of the operator's has not ended; try again");
    }
    var closed = new AtomicBoolean();
    return () -> {
      if (!closed.getAndSet(true)) {
        free.release();
      }
    };
  }
}
