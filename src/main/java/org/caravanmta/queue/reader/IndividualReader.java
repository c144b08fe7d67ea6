package org.caravanmta.queue.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.message.Gate;
import org.caravanmta.queue.spi.Link;
import org.caravanmta.queue.spi.QueueIntake;
import org.caravanmta.queue.spi.Received;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes many messages at a time, each through the stage on a virtual thread of its own, and
/// settles each when it is done, in any order: a slow one keeps no other waiting.
///
/// What waits here for a place goes to no other reader of the queue: the smaller the window, the
/// less waits, so that readers in other processes have their share of what is slow.
///
/// This reader's thread is the one that acknowledges, sends and commits; a second one only
/// receives; {@link Flights} has what is in flight between them. What is in flight when the
/// connection breaks goes on: when the broker delivers the message again it is not begun a second
/// time, and an outcome that could not be settled is settled then.
public final class IndividualReader extends QueueReader {
  private static final Logger LOG = LoggerFactory.getLogger(IndividualReader.class);

  /// The most bytes that wait on this side of the connection for a place in the window.
  private static final int PREFETCH = 256 << 10;

  private static final int AT_ONCE = 500;

  /// How often it is looked at whether it is time to stop, in milliseconds.
  private static final long GLANCE = 1000;

  private final Flights flights;
  private final int prefetch;

  /// Where messages wait whose destination has enough at work; absent where all may begin.
  private final Optional<WaitingLines> lines;

  private final Optional<Gates.Waiting> shown;

  /// Why messages of a connection are left waiting, though it is open: a new one brings them again.
  private record Stuck(int connection, Throwable why) {}

  private volatile @Nullable Stuck stuck;

  /// What the queue itself gives, since the last connection.
  private volatile @Nullable QueueIntake main;

  /// As in {@link BatchReader}.
  private int careful;

  public IndividualReader(
      String queue, int number, QueueStage stage, QueueRuntime queues, int window) {
    super(queue, number, stage, queues);
    this.flights = new Flights(window, queues.solitude());
    this.prefetch = Math.clamp((window - 1L) * Flights.PLACE, 1, PREFETCH);
    this.lines = queues.gates().of(queue).map(gate -> new WaitingLines(gate, queue));
    this.shown = lines.map(all -> all::counts);
  }

  @Override
  protected void work(Link link) throws ActiveMQException {
    flights.forget();
    try {
      int now = flights.connection();
      if (lines.isPresent()) {
        lines.get().open(link, queues);
        queues.gates().add(queue, shown.orElseThrow());
        Thread.ofPlatform()
            .daemon()
            .name(queue + "-waiting")
            .start(() -> takeFrom(lines.get(), now));
      }
      QueueIntake intake = link.open(queue, prefetch);
      main = intake;
      Thread.ofPlatform().daemon().name(queue + "-receiving").start(() -> receive(intake, now));
      settle(link, intake, now);
    } finally {
      flights.disconnected();
      shown.ifPresent(all -> queues.gates().remove(queue, all));
    }
  }

  private void receive(QueueIntake intake, int connection) {
    Flights.Begin begin = flight -> begin(flight, intake, connection, Optional.empty());
    try {
      while (flights.isCurrent(connection) && !stopping()) {
        if (await(flights::place) == null) {
          continue;
        }
        Received message = null;
        try {
          message = await(intake);
        } finally {
          if (message == null) {
            flights.leave();
          }
        }
        if (message != null && makeRoom(flights.places(message) - 1)) {
          flights.take(message, connection, begin);
        } else if (message != null) {
          flights.leave();
        }
      }
    } catch (ActiveMQException e) {
      // the settling thread sees it from the consumer
      LOG.debug("{}: receives no more: {}", queue, e.toString());
    } catch (RuntimeException | Error e) {
      leaveWaiting(connection, e);
    }
  }

  /// Takes the heads of lines for which there is a place.
  private void takeFrom(WaitingLines lines, int connection) {
    try {
      while (flights.isCurrent(connection) && !stopping()) {
        Optional<WaitingLines.Ready> ready = lines.next();
        if (ready.isEmpty()) {
          lines.awaitChange();
        } else if (makeRoom(flights.places(ready.get().received()))) {
          take(ready.get(), lines, connection);
        }
      }
    } catch (ActiveMQException | InterruptedException e) {
      LOG.debug("{}: takes no more of what waits: {}", queue, e.toString());
    } catch (RuntimeException | Error e) {
      leaveWaiting(connection, e);
    }
  }

  private void take(WaitingLines.Ready ready, WaitingLines lines, int connection)
      throws ActiveMQException {
    Received received = ready.received();
    QueueIntake intake = lines.intake(received.queue()).orElseThrow();
    var begun = new AtomicBoolean();
    flights.take(
        received,
        connection,
        flight -> {
          begun.set(true);
          begin(flight, intake, connection, Optional.of(ready.place()));
        });
    if (!begun.get()) {
      ready.place().leave();
    }
  }

  /// A fault of ours, unless the connection has ended: then a new one is on its way.
  private void leaveWaiting(int connection, Throwable why) {
    if (flights.isCurrent(connection) && !stopping()) {
      LOG.error("{}: messages are left waiting", queue, why);
      stuck = new Stuck(connection, why);
    } else {
      LOG.debug("{}: after the end of the connection", queue, why);
    }
  }

  private void checkNotStuck(int connection) {
    Stuck now = stuck;
    if (now != null && now.connection() == connection) {
      throw new IllegalStateException("messages were left waiting: " + now.why(), now.why());
    }
  }

  /// Places for the rest of a large message; false when it is time to stop.
  private boolean makeRoom(int more) throws ActiveMQException {
    while (!stopping()) {
      if (more == 0 || await(() -> flights.places(more)) != null) {
        return true;
      }
    }
    return false;
  }

  /// Puts a message to the stage, in the line of its destination if there is no place for it, or in
  /// the line of those that are to be processed alone.
  ///
  /// @param given the place of one that has waited for it
  private void begin(Flight flight, QueueIntake intake, int connection, Optional<Gate.Place> given)
      throws ActiveMQException {
    Received received = flight.received;
    if (suspect(received)) {
      given.ifPresent(Gate.Place::leave);
      if (flights.line(received, connection)) {
        Thread.ofVirtual().name(queue + " alone").start(() -> line(connection));
      }
      return;
    }
    Optional<Gate.Place> place =
        given.isPresent() || lines.isEmpty() ? given : lines.get().place(received);
    if (lines.isPresent() && place.isEmpty()) {
      flight.begun = true;
      flights.land(flight, received, lines.get().join(received));
      return;
    }
    try {
      intake.begun(received);
      flight.begun = true;
    } catch (ActiveMQException | RuntimeException e) {
      place.ifPresent(Gate.Place::leave);
      throw e;
    }
    start(flight, received, () -> place.ifPresent(this::leave));
  }

  private void leave(Gate.Place place) {
    place.leave();
    lines.ifPresent(WaitingLines::wake);
  }

  private void start(Flight flight, Received received, Runnable landed) {
    Thread.ofVirtual()
        .name(queue + " " + received.id())
        .start(
            () -> {
              try {
                if (awaitFence()) {
                  flights.land(flight, received, pass(received));
                } else {
                  flights.abandon(flight);
                }
              } finally {
                landed.run();
              }
            });
  }

  /// What has waited here for a place may not begin if the fence was closed meanwhile.
  ///
  /// @return whether it may begin; if not, it is time to stop
  private boolean awaitFence() {
    try {
      while (queues.broker().fence().await(GLANCE) < 0) {
        if (stopping()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Begins one after the other of those that are to be processed alone, as long as there are any.
  private void line(int connection) {
    try {
      while (flights.stillLined(connection, this::stopping)) {
        Optional<Suspects.Turn> next = flights.nextAlone(Duration.ofSeconds(1));
        if (next.isPresent() && !begin(next.get(), connection)) {
          next.get().close();
        }
      }
    } catch (ActiveMQException | InterruptedException e) {
      // they come again with the next connection
      LOG.warn("{}: what is to be processed alone waits: {}", queue, e.toString());
    } catch (RuntimeException | Error e) {
      leaveWaiting(connection, e);
    }
  }

  private boolean begin(Suspects.Turn turn, int connection) throws ActiveMQException {
    QueueIntake intake = intake(turn.received());
    return flights.beginAlone(
        turn.received(),
        connection,
        this::stopping,
        flight -> {
          turn.begin(intake);
          flight.begun = true;
          start(flight, turn.received(), turn::close);
        });
  }

  private void settle(Link link, QueueIntake intake, int connection) throws ActiveMQException {
    var batch = new ArrayList<Flight>();
    long stoppedAt = 0;
    while (true) {
      if (stopping()) {
        stoppedAt = stoppedAt == 0 ? System.nanoTime() : stoppedAt;
        flights.notBegun();
        if (flights.isEmpty() || System.nanoTime() - stoppedAt > lastPatience().toNanos()) {
          return;
        }
      }
      checkOpen(intake);
      checkNotStuck(connection);
      batch.clear();
      Flight first = flights.nextLanded();
      if (first == null) {
        continue;
      }
      batch.add(first);
      if (careful == 0) {
        flights.drainLanded(batch, AT_ONCE);
      }
      settle(link, batch);
    }
  }

  private void settle(Link link, List<Flight> batch) throws ActiveMQException {
    try {
      for (Flight flight : batch) {
        send(link, flight.outcome());
        intake(flight.received).acknowledge(flight.received);
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
    flights.settled(batch);
    batch.forEach(flight -> settled(flight.received.queue(), flight.outcome()));
    lines.ifPresent(WaitingLines::wake);
  }

  /// Where a message came from.
  private QueueIntake intake(Received received) {
    return received.queue().equals(queue)
        ? Objects.requireNonNull(main, "not open")
        : lines.flatMap(all -> all.intake(received.queue())).orElseThrow();
  }

  /// After too many refusals of what a message has turned into, the message itself is set aside.
  private void refused(Flight flight) {
    flight.refusals++;
    if (flight.refusals > MOST_FAILURES) {
      flight.land(refused(flight.received, flight.refusals));
    }
  }
}
