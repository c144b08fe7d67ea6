package org.caravanmta.queue.reader;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How fast what comes back from lanes goes on, all lanes together: a batch, then a rest for as
/// long as it took the stages after them to take it. Half of their time is left to other mail,
/// which gets on beside a backlog of a million as if there were none.
final class Pace {
  /// So few may wait before those stages that the next batch follows.
  private static final long FEW = 2;

  /// Stages that have more to do than they can, or that stand still, keep nobody in the lanes for
  /// longer than this, in nanoseconds.
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long LOOK_MILLIS = 2;

  private final Semaphore batches = new Semaphore(1, true);
  private final LongSupplier before;

  /// @param before how many wait before the stages that mail goes through next
  Pace(LongSupplier before) {
    this.before = before;
  }

  /// Waits until a batch may go on. What has returned from here is to {@link #end}.
  void begin() throws InterruptedException {
    batches.acquire();
    boolean begun = false;
    try {
      long since = System.nanoTime();
      while (before.getAsLong() > FEW && System.nanoTime() - since < PATIENCE) {
        Thread.sleep(LOOK_MILLIS);
      }
      TimeUnit.NANOSECONDS.sleep(System.nanoTime() - since);
      begun = true;
    } finally {
      if (!begun) {
        batches.release();
      }
    }
  }

  /// The batch is where it goes.
  void end() {
    batches.release();
  }
}
