package org.caravanmta.queue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Where messages that were being processed when the process ended are processed again, one at a
/// time over all stages: if the process ends once more, it is known on which. What has been at it
/// for long enough makes room for the next; it waits for a server somewhere, and ends nothing.
final class Solitude {
  /// How long is long enough: what ends a process does so while it computes.
  private static final Duration ENOUGH = Duration.ofSeconds(10);

  private final Semaphore place = new Semaphore(1, true);
  private final Duration enough;

  Solitude() {
    this(ENOUGH);
  }

  Solitude(Duration enough) {
    this.enough = enough;
  }

  /// The place, if it becomes free in that time.
  Optional<Turn> await(Duration patience) throws InterruptedException {
    return place.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)
        ? Optional.of(new Turn())
        : Optional.empty();
  }

  /// The time of one message.
  final class Turn implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean left = new AtomicBoolean();

    /// Begins it.
    ///
    /// @param survived run if it has not ended when it was long enough
    void begin(Runnable survived) {
      Thread.ofVirtual()
          .name("solitude")
          .start(
              () -> {
                try {
                  if (!over.await(enough.toNanos(), TimeUnit.NANOSECONDS)) {
                    survived.run();
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } finally {
                  leave();
                }
              });
    }

    @Override
    public void close() {
      over.countDown();
      leave();
    }

    private void leave() {
      if (left.compareAndSet(false, true)) {
        place.release();
      }
    }
  }
}
