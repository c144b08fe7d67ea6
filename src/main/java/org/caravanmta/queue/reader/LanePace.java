package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How fast what comes back from lanes goes on, all lanes together: a batch, then a rest for as
/// long as it took the stages after them to take it. Half of their time is left to other mail,
/// which gets on beside a backlog of a million as if there were none.
final class LanePace {
  /// So few may wait before those stages that the next batch follows.
  private static final long FEW = 2;

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private static final long LOOK_MILLIS = 2;

  private final Semaphore batches = new Semaphore(1, true);
  private final LongSupplier before;
  private final long patience;

  /// @param before how many wait before the stages that mail goes through next
  LanePace(LongSupplier before) {
    this(before, PATIENCE);
  }

  /// @param patience for how long stages that have more to do than they can, or that stand still,
  ///   hold up a batch
  LanePace(LongSupplier before, Duration patience) {
    this.before = before;
    this.patience = patience.toNanos();
  }

  /// Waits until a batch may go on. What has returned from here is to {@link #end}.
  void begin() throws InterruptedException {
    batches.acquire();
    boolean begun = false;
    try {
      long since = System.nanoTime();
      while (before.getAsLong() > FEW && System.nanoTime() - since < patience) {
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

  /// Whether a lane waits for another.
  boolean isAwaited() {
    return batches.hasQueuedThreads();
  }

  /// The batch is where it goes.
  void end() {
    batches.release();
  }
}
