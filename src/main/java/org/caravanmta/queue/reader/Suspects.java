package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.PriorityBlockingQueue;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The messages of one reader that were being processed when the process ended, and wait to be
/// processed alone: first those on which it has ended least often, so that the one to blame is not
/// the only one whose turn ever comes.
final class Suspects {
  private static final Logger LOG = LoggerFactory.getLogger(Suspects.class);

  private static final int ROOM = 16;

  private final Solitude solitude;
  private final PriorityBlockingQueue<Received> waiting =
      new PriorityBlockingQueue<>(
          ROOM, Comparator.comparingInt(Received::deaths).thenComparingLong(Received::number));

  Suspects(Solitude solitude) {
    this.solitude = solitude;
  }

  /// One of them, and its time alone.
  record Turn(Received received, Solitude.Turn alone) implements AutoCloseable {
    /// Notes that it is begun, and that it was not to blame if it takes long.
    ///
    /// @throws ActiveMQException when that cannot be noted; then its time is over
    void begin(QueueIntake intake) throws ActiveMQException {
      try {
        intake.begun(received);
      } catch (ActiveMQException | RuntimeException e) {
        // those after it would wait for it for ever
        close();
        throw e;
      }
      alone.begin(
          () -> {
            try {
              intake.survived(received);
            } catch (ActiveMQException | RuntimeException e) {
              LOG.warn("{}: stays under suspicion: {}", received.id(), e.toString());
            }
          });
    }

    @Override
    public void close() {
      alone.close();
    }
  }

  void add(Received received) {
    waiting.add(received);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// The next, if there is one and nothing else is alone, or is no longer within that time.
  Optional<Turn> next(Duration patience) throws InterruptedException {
    @Nullable Received likely = waiting.peek();
    if (likely == null) {
      return Optional.empty();
    }
    // one that comes before it by now needs no more room
    Optional<Solitude.Turn> alone = solitude.await(likely.deaths(), patience);
    if (alone.isEmpty()) {
      return Optional.empty();
    }
    @Nullable Received first = waiting.poll();
    if (first == null) {
      alone.get().close();
      return Optional.empty();
    }
    return Optional.of(new Turn(first, alone.get()));
  }

  /// Forgets them: they go back, or have gone.
  List<Received> clear() {
    var all = new ArrayList<Received>();
    waiting.drainTo(all);
    return all;
  }
}
