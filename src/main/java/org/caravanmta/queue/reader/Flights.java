package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;

/// The messages that one reader has in flight, from the connection that delivered them to the
/// commit that settles them, and the places they have in its window; {@link Flight} has the states
/// of one. Safe for use by many threads.
final class Flights {
  private static final int NOBODY = -1;

  /// Bytes of a message that one place in the window stands for: those of many large messages would
  /// fill the memory.
  static final int PLACE = 8 << 10;

  private final int window;
  private final Semaphore places;
  private final Suspects suspects;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, Flight> flights = new HashMap<>();
  private final BlockingQueue<Flight> landed = new LinkedBlockingQueue<>();

  /// Counts the connections; what the earlier ones delivered cannot be acknowledged any more.
  private int current;

  /// The connection for which a thread sees to those that are to be processed alone.
  private int lined = NOBODY;

  /// Takes a message on its way, while nobody else touches any.
  interface Begin {
    void begin(Flight flight) throws ActiveMQException;
  }

  /// @param window how many places there are
  Flights(int window, Solitude solitude) {
    this.window = window;
    this.places = new Semaphore(window);
    this.suspects = new Suspects(solitude);
  }

  /// A place for the next message, or none within a second.
  @Nullable Semaphore place() throws InterruptedException {
    return places(1);
  }

  /// So many places, or none within a second.
  @Nullable Semaphore places(int wanted) throws InterruptedException {
    return places.tryAcquire(wanted, 1, TimeUnit.SECONDS) ? places : null;
  }

  /// Gives a place back.
  void leave() {
    places.release();
  }

  /// How many places a message needs.
  int places(Received received) {
    return Math.clamp(received.bytes().length / PLACE + 1L, 1, window);
  }

  /// The connection that delivers now.
  int connection() {
    lock.lock();
    try {
      return current;
    } finally {
      lock.unlock();
    }
  }

  boolean isCurrent(int connection) {
    return connection() == connection;
  }

  /// Begins the flight of a message that has its places, or goes on with the one it has.
  void take(Received received, int connection, Begin begin) throws ActiveMQException {
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
        begin.begin(flight);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Has a message wait until it can be processed alone.
  ///
  /// @return whether nobody sees to these yet
  boolean line(Received received, int connection) {
    lock.lock();
    try {
      suspects.add(received);
      boolean nobody = lined != connection;
      lined = connection;
      return nobody;
    } finally {
      lock.unlock();
    }
  }

  /// Whether there is still one to be processed alone; if not, whoever saw to these is done.
  boolean stillLined(int connection, BooleanSupplier stopping) {
    lock.lock();
    try {
      boolean still = connection == current && !stopping.getAsBoolean() && !suspects.isEmpty();
      if (!still && lined == connection) {
        lined = NOBODY;
      }
      return still;
    } finally {
      lock.unlock();
    }
  }

  /// The next of those to be processed alone, see {@link Suspects#next}.
  Optional<Suspects.Turn> nextAlone(Duration patience) throws InterruptedException {
    return suspects.next(patience);
  }

  /// Begins the flight of one whose turn alone has come.
  ///
  /// @return whether it has begun
  boolean beginAlone(Received received, int connection, BooleanSupplier stopping, Begin begin)
      throws ActiveMQException {
    lock.lock();
    try {
      Flight flight = flights.get(received.number());
      if (flight == null || connection != current) {
        return false;
      }
      if (stopping.getAsBoolean()) {
        flights.remove(received.number());
        places.release(places(received));
        return false;
      }
      begin.begin(flight);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the flight of a message: what it has turned into waits to be settled.
  void land(Flight flight, Received received, QueueStage.Outcome outcome) {
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

  /// Forgets one that was not begun after all: it goes back to the queue.
  void abandon(Flight flight) {
    lock.lock();
    try {
      if (flights.remove(flight.received.number(), flight)) {
        places.release(places(flight.received));
      }
    } finally {
      lock.unlock();
    }
  }

  /// One that has landed, if there is one within a second.
  @Nullable Flight nextLanded() {
    try {
      return landed.poll(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return null;
    }
  }

  /// Adds others that have landed.
  void drainLanded(Collection<Flight> into, int most) {
    landed.drainTo(into, most);
  }

  /// Forgets what has been settled.
  void settled(List<Flight> batch) {
    lock.lock();
    try {
      batch.forEach(flight -> flights.remove(flight.received.number(), flight));
    } finally {
      lock.unlock();
    }
    places.release(batch.stream().mapToInt(flight -> places(flight.received)).sum());
  }

  /// Whether nothing of this connection is in flight.
  boolean isEmpty() {
    lock.lock();
    try {
      return flights.values().stream().noneMatch(flight -> flight.connection == current);
    } finally {
      lock.unlock();
    }
  }

  /// Forgets what was to run alone and has not begun: it goes back to the queue.
  void notBegun() {
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
  void disconnected() {
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

  /// Forgets what no redelivery has asked for in a long time.
  void forget() {
    lock.lock();
    try {
      flights.values().removeIf(Flight::isForgotten);
    } finally {
      lock.unlock();
    }
  }
}
