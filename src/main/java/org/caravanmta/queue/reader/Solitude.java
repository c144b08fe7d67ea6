package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Where messages that were being processed when the process ended are processed again, over all
/// stages few at a time, and the fewer the more often it has ended on them: after one end there may
/// be as many as were in flight, most of them innocent, and after three it is known on which. What
/// has been at it for long enough makes room for the next; it waits for a server somewhere, and
/// ends nothing.
public final class Solitude {
  /// How long is long enough: what ends a process does so while it computes.
  private static final Duration ENOUGH = Duration.ofSeconds(10);

  /// How many of those it has ended on once are processed at a time.
  private static final int PLACES = 32;

  /// Of how many of these the ones it has ended on twice take the place.
  private static final int OF_TWO = 4;

  private final Semaphore places = new Semaphore(PLACES, true);
  private final Duration enough;

  public Solitude() {
    this(ENOUGH);
  }

  Solitude(Duration enough) {
    this.enough = enough;
  }

  /// A place, if there is one in that time.
  ///
  /// @param deaths how often the process has ended on the message, at least once
  Optional<Turn> await(int deaths, Duration patience) throws InterruptedException {
    int wanted = deaths > 2 ? PLACES : deaths == 2 ? OF_TWO : 1;
    return places.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)
        ? Optional.of(new Turn(wanted))
        : Optional.empty();
  }

  /// The time of one message.
  final class Turn implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean left = new AtomicBoolean();
    private final int taken;

    private Turn(int taken) {
      this.taken = taken;
    }

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
        places.release(taken);
      }
    }
  }
}
