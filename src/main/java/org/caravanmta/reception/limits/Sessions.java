package org.caravanmta.reception.limits;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;

/// All sessions of all listeners: how many there may be, the event loops they run on, and how they
/// end when the server does (RFC 5321 §3.8). From any thread.
///
/// The loops are shared, so that a route that is stopped does not take them from sessions that
/// still have a reply to write; routes name them as `workerGroup` and `bossGroup`.
public final class Sessions implements AutoCloseable {
  /// The percentage of the limit from which on the server is stressed.
  private static final int STRESSED = 90;

  /// The percentage of the limit below which it is no longer stressed: with a single number it
  /// would change with each session.
  private static final int RELAXED = 80;

  /// Bytes of memory that a session takes before anything has been said in it.
  private static final int EMPTY_SESSION = 3584;

  /// Nanoseconds that displaced sessions may take to give their memory back before others are
  /// displaced.
  private static final long BETWEEN_RELIEFS = 100_000_000L;

  private final int limit;
  private final Usage usage;
  private final EventLoopGroup loops =
      new NioEventLoopGroup(
          Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("reception", true));
  private final MemoryBudget budget;
  private final Set<OpenSession> open = new HashSet<>();
  // when sessions were last displaced, and whether that was enough
  private long relieved = System.nanoTime() - BETWEEN_RELIEFS;
  private boolean enough;
  private boolean draining;
  private volatile boolean stressed;

  /// @param limit the most sessions at one time; more are greeted with 421
  /// @param usage what each client has of the server
  /// @param budget what all sessions together may hold in memory
  public Sessions(int limit, Usage usage, MemoryBudget budget) {
    this.budget = budget;
    budget.relieveBy(this::relieve);
    this.limit = limit;
    this.usage = usage;
  }

  /// The event loops of all listeners.
  public EventLoopGroup loops() {
    return loops;
  }

  /// How many sessions are open now.
  public synchronized int count() {
    return open.size();
  }

  /// Whether a client that connects now would be greeted: part of the server's readiness.
  public synchronized boolean welcoming() {
    return !draining && open.size() < limit;
  }

  /// Whether so many sessions are open that they should be brief (postfix `STRESS_README`): from 90
  /// percent of the limit on, until it is less than 80 percent.
  public boolean stressed() {
    return stressed;
  }

  /// What all sessions together may hold in memory.
  public MemoryBudget budget() {
    return budget;
  }

  /// What each client has of the server.
  public Usage usage() {
    return usage;
  }

  /// Ends all sessions in good order: no new ones are accepted, those without a transaction get 421
  /// now, the others when their transaction is over. To be called before Camel's routes stop, which
  /// would close the connections.
  ///
  /// @return whether all sessions have ended within `atMost`
  /// @throws InterruptedException when the calling thread is interrupted while it waits
  public boolean drain(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    synchronized (this) {
      draining = true;
      open.forEach(OpenSession::leave);
      while (!open.isEmpty()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    }
  }

  /// Ends the event loops, and with them the sessions that are left.
  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /// Adds a session, if there is room for it.
  ///
  /// @return whether there was
  public synchronized boolean enter(OpenSession session) {
    boolean room = welcoming() && session.holding().grow(Holding.What.SESSION, EMPTY_SESSION);
    if (room) {
      open.add(session);
      stressed |= percent() >= STRESSED;
    }
    return room;
  }

  /// Removes a session, if it was added.
  public synchronized void exit(OpenSession session) {
    open.remove(session);
    stressed &= percent() >= RELAXED;
    if (open.isEmpty()) {
      notifyAll();
    }
  }

  /// Displaces the sessions that hold much memory and have sent nothing for long, see {@link
  /// Weight}.
  ///
  /// @param bytes that are missing
  /// @return whether they will give back that many
  private synchronized boolean relieve(long bytes) {
    long now = System.nanoTime();
    if (now - relieved < BETWEEN_RELIEFS) {
      // the sessions displaced then may not have ended yet
      return enough;
    }
    relieved = now;
    List<OpenSession> heaviest = heaviest(now);
    // more than is missing, so that the next session need not ask again
    long wanted = bytes + budget.limit() / 16;
    long freed = 0;
    int displaced = 0;
    for (OpenSession heavy : heaviest) {
      if (freed >= wanted) {
        break;
      }
      freed += heavy.weight().bytes();
      heavy.displace();
      displaced++;
    }
    if (displaced > 0) {
      Events.tell(new SessionEvent.Displaced(displaced, budget.held(), budget.limit()));
    }
    enough = freed >= bytes;
    return enough;
  }

  private List<OpenSession> heaviest(long now) {
    record Heavy(OpenSession session, long weight) {}
    return open.stream()
        .map(session -> new Heavy(session, session.weight().at(now)))
        .filter(heavy -> heavy.weight() > 0)
        .sorted(Comparator.comparingLong(Heavy::weight).reversed())
        .map(Heavy::session)
        .toList();
  }

  private long percent() {
    return 100L * open.size() / limit;
  }
}
