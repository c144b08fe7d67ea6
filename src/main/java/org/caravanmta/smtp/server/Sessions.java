package org.caravanmta.smtp.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The sessions of all listeners together: how many there may be, the event loops they run on, and
/// how they end when the server does (RFC 5321 §3.8).
///
/// The loops are shared so that a stopped route does not take them away from sessions that still
/// have a reply to write; routes name them as `workerGroup` and `bossGroup`.
public final class Sessions implements AutoCloseable {
  /// Parts of a hundred of the limit at which the server is stressed, and at which no more.
  private static final int STRESSED = 90;

  private static final int RELAXED = 80;

  private final int limit;
  private final Usage usage;
  private final EventLoopGroup loops =
      new NioEventLoopGroup(
          Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("reception", true));
  private final Set<SessionHandler> open = new HashSet<>();
  private boolean draining;
  private volatile boolean stressed;

  /// @param limit sessions at one time; past it the greeting is 421
  /// @param usage what each client has of them
  public Sessions(int limit, Usage usage) {
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

  /// What each client has of them.
  Usage usage() {
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
      open.forEach(SessionHandler::leave);
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

  /// @return whether there is room for it; if not, it is none of them
  synchronized boolean enter(SessionHandler session) {
    boolean room = welcoming();
    if (room) {
      open.add(session);
      stressed |= percent() >= STRESSED;
    }
    return room;
  }

  synchronized void exit(SessionHandler session) {
    open.remove(session);
    stressed &= percent() >= RELAXED;
    if (open.isEmpty()) {
      notifyAll();
    }
  }

  private long percent() {
    return 100L * open.size() / limit;
  }
}
