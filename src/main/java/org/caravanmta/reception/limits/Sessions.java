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

/// The sessions of all listeners together: how many there may be, the event loops they run on, and
/// how they end when the server does (RFC 5321 §3.8).
///
/// The loops are shared so that a stopped route does not take them away from sessions that still
/// have a reply to write; routes name them as `workerGroup` and `bossGroup`.
public final class Sessions implements AutoCloseable {
  /// Parts of a hundred of the limit at which the server is stressed, and at which no more.
  private static final int STRESSED = 90;

  private static final int RELAXED = 80;

  /// Bytes of memory that a session takes in which nothing has been said.
  private static final int EMPTY_SESSION = 3584;

  /// Nanoseconds for those who have been sent away to be gone.
  private static final long BETWEEN_RELIEFS = 100_000_000L;

  private final int limit;
  private final Usage usage;
  private final EventLoopGroup loops =
      new NioEventLoopGroup(
          Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("reception", true));
  private final MemoryBudget budget;
  private final Set<OpenSession> open = new HashSet<>();
  // when sessions were last sent away for their memory
  private long relieved = System.nanoTime() - BETWEEN_RELIEFS;
  private boolean enough;
  private boolean draining;
  private volatile boolean stressed;

  /// @param limit sessions at one time; past it the greeting is 421
  /// @param usage what each client has of them
  /// @param budget what all of them may hold in memory
  public Sessions(int limit, Usage usage, MemoryBudget budget) {
    this.budget = budget;
    budget.relieveBy(this::relieve);
    this.limit = limit;
    this.usage = usage;
  }

  public EventLoopGroup loops() {
    return loops;
  }

  /// How many there are now.
  public synchronized int count() {
    return open.size();
  }

  /// Whether a client that connects now would be greeted: part of the server's readiness.
  public synchronized boolean welcoming() {
    return !draining && open.size() < limit;
  }

  /// Whether so many are open that they should be brief (Postfix: stress): from nine tenths of the
  /// limit on, until less than eight are.
  public boolean stressed() {
    return stressed;
  }

  /// What all of them may hold in memory.
  public MemoryBudget budget() {
    return budget;
  }

  /// What each client has of them.
  public Usage usage() {
    return usage;
  }

  /// Ends them in good order: no more are accepted, those without a transaction get 421, the others
  /// when theirs is over. To be called before Camel's routes stop, which would cut them.
  ///
  /// @return whether all have ended within the time
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

  /// Closes the sessions that are left, and the event loops.
  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /// @return whether there is room for it; if not, it is not one of them
  public synchronized boolean enter(OpenSession session) {
    boolean room = welcoming() && session.holding().grow(Holding.What.SESSION, EMPTY_SESSION);
    if (room) {
      open.add(session);
      stressed |= percent() >= STRESSED;
    }
    return room;
  }

  public synchronized void exit(OpenSession session) {
    open.remove(session);
    stressed &= percent() >= RELAXED;
    if (open.isEmpty()) {
      notifyAll();
    }
  }

  /// Sends those away who hold most of the memory for longest without going on.
  ///
  /// @param bytes that are missing
  /// @return whether that will be enough
  private synchronized boolean relieve(long bytes) {
    long now = System.nanoTime();
    if (now - relieved < BETWEEN_RELIEFS) {
      // what was enough then may not be back yet
      return enough;
    }
    relieved = now;
    List<OpenSession> heaviest = heaviest(now);
    // some more, so that the next need not ask again
    long wanted = bytes + budget.limit() / 16;
    long freed = 0;
    int sent = 0;
    for (OpenSession heavy : heaviest) {
      if (freed >= wanted) {
        break;
      }
      freed += heavy.weight().bytes();
      heavy.displace();
      sent++;
    }
    if (sent > 0) {
      Events.tell(new SessionEvent.Displaced(sent, budget.held(), budget.limit()));
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
