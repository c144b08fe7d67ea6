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
  private final int limit;
  private final EventLoopGroup loops =
      new NioEventLoopGroup(0, new DefaultThreadFactory("reception", true));
  private final Set<SessionHandler> open = new HashSet<>();
  private boolean draining;
  private volatile boolean stressed;

  /// @param limit sessions at one time; past it the greeting is 421
  public Sessions(int limit) {
    this.limit = limit;
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

  /// Whether nine tenths of the sessions there may be are there: sessions are then less patient
  /// with their clients, so that others find room (Postfix: `stress`).
  public boolean stressed() {
    return stressed;
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

  /// @return whether there is room for it
  synchronized boolean enter(SessionHandler session) {
    boolean room = welcoming();
    open.add(session);
    measure();
    return room;
  }

  synchronized void exit(SessionHandler session) {
    open.remove(session);
    measure();
    if (open.isEmpty()) {
      notifyAll();
    }
  }

  private void measure() {
    stressed = open.size() > limit - limit / 10;
  }
}
