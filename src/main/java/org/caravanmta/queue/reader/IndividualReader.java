package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes many messages at a time, each through the stage on a virtual thread of its own, and
/// settles each when it is done, in any order: a slow one keeps no other waiting.
///
/// This reader's thread is the one that acknowledges, sends and commits; a second one only
/// receives; {@link Flight} has the states of a message. What is in flight when the connection
/// breaks goes on: when the broker delivers the message again it is not begun a second time, and an
/// outcome that could not be settled is settled then.
public final class IndividualReader extends QueueReader {
  private static final Logger LOG = LoggerFactory.getLogger(IndividualReader.class);

  /// Bytes that wait on this side of the connection for a place in the window.
  private static final int PREFETCH = 256 << 10;

  private static final int AT_ONCE = 500;
  private static final int NOBODY = -1;

  /// Bytes of a message that one place in the window stands for: those of many large messages would
  /// fill the memory.
  private static final int PLACE = 8 << 10;

  /// How long what is in flight may take when the stage stops: whoever ends the process kills it
  /// after ten seconds (`docker stop`), whether a server answers or not.
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(4);

  private final int window;
  private final Semaphore places;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Flight> flights = new HashMap<>();
  private final BlockingQueue<Flight> landed = new LinkedBlockingQueue<>();

  /// Counts the connections; what the earlier ones delivered cannot be acknowledged any more.
  private int current;

  /// The connection for which a thread sees to those that are to be processed alone.
  private int lined = NOBODY;

  /// As in {@link BatchReader}.
  private int careful;

  private final Suspects suspects;

  public IndividualReader(
      String queue, int number, QueueStage stage, QueueRuntime queues, int window) {
    super(queue, number, stage, queues);
    this.window = window;
    this.places = new Semaphore(window);
    this.suspects = new Suspects(queues.solitude());
  }

  @Override
  protected void work(Link link) throws ActiveMQException {
    forget();
    try {
      QueueIntake intake = link.open(queue, PREFETCH);
      int now = current;
      Thread.ofPlatform().daemon().name(queue + "-receiving").start(() -> receive(intake, now));
      settle(link, intake);
    } finally {
      disconnected();
    }
  }

  private void receive(QueueIntake intake, int connection) {
    try {
      while (isCurrent(connection) && !stopping()) {
        if (await(() -> places.tryAcquire(1, TimeUnit.SECONDS) ? places : null) == null) {
          continue;
        }
        Received message = null;
        try {
          message = await(intake);
        } finally {
          if (message == null) {
            places.release();
          }
        }
        if (message != null && makeRoom(places(message) - 1)) {
          take(intake, message, connection);
        } else if (message != null) {
          places.release();
        }
      }
    } catch (ActiveMQException | RuntimeException e) {
      // the settling thread sees it from the consumer
      LOG.debug("{}: receives no more: {}", queue, e.toString());
    }
  }

  /// Places for the rest of a large message; false when it is time to stop.
  private boolean makeRoom(int more) throws ActiveMQException {
    while (!stopping()) {
      if (more == 0
          || await(() -> places.tryAcquire(more, 1, TimeUnit.SECONDS) ? places : null) != null) {
        return true;
      }
    }
    return false;
  }

  private int places(Received received) {
    return Math.clamp(received.bytes().length / PLACE + 1L, 1, window);
  }

  /// Begins the flight of a message that has a place, or goes on with the one it has.
  private void take(QueueIntake intake, Received received, int connection)
      throws ActiveMQException {
    lock.lock();
    try {
      Flight known = flights.get(received.number());
      if (connection != current) {
        places.release(places(received));
      } else if (known != null && known.isOf(received)) {
        known.deliveredAgain(received, connection);
        if (known.outcome == null) {
          // it has kept its places
          places.release(places(received));
        } else {
          landed.add(known);
        }
      } else {
        var flight = new Flight(received, connection);
        flights.put(received.number(), flight);
        if (suspect(received)) {
          suspects.add(received);
          if (lined != connection) {
            lined = connection;
            Thread.ofVirtual().name(queue + " alone").start(() -> line(intake, connection));
          }
        } else {
          intake.begun(received);
          flight.begun = true;
          start(flight, received, () -> {});
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void start(Flight flight, Received received, Runnable landed) {
    Thread.ofVirtual()
        .name(queue + " " + received.id())
        .start(
            () -> {
              try {
                fly(flight, received);
              } finally {
                landed.run();
              }
            });
  }

  /// Begins one after the other of those that are to be processed alone, as long as there are any.
  private void line(QueueIntake intake, int connection) {
    try {
      while (stillLined(connection)) {
        Optional<Suspects.Turn> next = suspects.next(Duration.ofSeconds(1));
        if (next.isPresent() && !begin(next.get(), intake, connection)) {
          next.get().close();
        }
      }
    } catch (ActiveMQException | InterruptedException | RuntimeException e) {
      // they come again with the next connection
      LOG.warn("{}: what is to be processed alone waits: {}", queue, e.toString());
    }
  }

  private boolean stillLined(int connection) {
    lock.lock();
    try {
      boolean still = connection == current && !stopping() && !suspects.isEmpty();
      if (!still && lined == connection) {
        lined = NOBODY;
      }
      return still;
    } finally {
      lock.unlock();
    }
  }

  private boolean begin(Suspects.Turn turn, QueueIntake intake, int connection)
      throws ActiveMQException {
    Received received = turn.received();
    lock.lock();
    try {
      Flight flight = flights.get(received.number());
      if (flight == null || connection != current) {
        return false;
      }
      if (stopping()) {
        flights.remove(received.number());
        places.release(places(received));
        return false;
      }
      turn.begin(intake);
      flight.begun = true;
      start(flight, received, turn::close);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void fly(Flight flight, Received received) {
    QueueStage.Outcome outcome = pass(received);
    lock.lock();
    try {
      flight.land(outcome);
      if (flight.connection == current) {
        landed.add(flight);
      } else {
        places.release(places(received));
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle(Link link, QueueIntake intake) throws ActiveMQException {
    var batch = new ArrayList<Flight>();
    long stoppedAt = 0;
    while (true) {
      if (stopping()) {
        stoppedAt = stoppedAt == 0 ? System.nanoTime() : stoppedAt;
        notBegun();
        if (isEmpty() || System.nanoTime() - stoppedAt > LAST_PATIENCE.toNanos()) {
          return;
        }
      }
      checkOpen(intake);
      batch.clear();
      Flight first = next();
      if (first == null) {
        continue;
      }
      batch.add(first);
      if (careful == 0) {
        landed.drainTo(batch, AT_ONCE);
      }
      settle(link, intake, batch);
    }
  }

  private void settle(Link link, QueueIntake intake, List<Flight> batch) throws ActiveMQException {
    try {
      for (Flight flight : batch) {
        send(link, flight.outcome());
        intake.acknowledge(flight.received);
      }
      link.commit();
    } catch (ActiveMQException | RuntimeException e) {
      careful = Faults.ofTheBroker(e) ? 0 : batch.size();
      if (batch.size() == 1 && !Faults.ofTheBroker(e)) {
        refused(batch.getFirst());
      }
      throw e;
    }
    careful = Math.max(0, careful - 1);
    lock.lock();
    try {
      batch.forEach(flight -> flights.remove(flight.received.number(), flight));
    } finally {
      lock.unlock();
    }
    places.release(batch.stream().mapToInt(flight -> places(flight.received)).sum());
    batch.forEach(flight -> settled(flight.outcome()));
  }

  /// After too many refusals of what a message has turned into, the message itself is set aside.
  private void refused(Flight flight) {
    flight.refusals++;
    if (flight.refusals > MOST_FAILURES) {
      flight.land(refused(flight.received, flight.refusals));
    }
  }

  private @Nullable Flight next() {
    try {
      return landed.poll(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return null;
    }
  }

  private boolean isCurrent(int connection) {
    lock.lock();
    try {
      return connection == current;
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    lock.lock();
    try {
      return flights.values().stream().noneMatch(flight -> flight.connection == current);
    } finally {
      lock.unlock();
    }
  }

  /// Forgets what was to run alone and has not begun: it goes back to the queue.
  private void notBegun() {
    lock.lock();
    try {
      for (Received received : suspects.clear()) {
        if (flights.remove(received.number()) != null) {
          places.release(places(received));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// From now on nothing that is in flight can be settled, until it is delivered again.
  private void disconnected() {
    lock.lock();
    try {
      suspects.clear();
      flights.values().removeIf(flight -> flight.connection == current && givesUpItsPlace(flight));
      landed.clear();
      current++;
    } finally {
      lock.unlock();
    }
  }

  /// @return whether it was not begun, and is forgotten
  private boolean givesUpItsPlace(Flight flight) {
    if (!flight.begun || flight.outcome != null) {
      places.release(places(flight.received));
    }
    return !flight.begun;
  }

  private void forget() {
    lock.lock();
    try {
      flights.values().removeIf(Flight::isForgotten);
    } finally {
      lock.unlock();
    }
  }
}
