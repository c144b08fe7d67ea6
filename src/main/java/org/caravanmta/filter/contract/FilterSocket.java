package org.caravanmta.filter.contract;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// A connection to a content filter on which nothing is waited for longer than is allowed: when the
/// time is over the connection is closed, whatever it is doing. For one thread at a time.
public final class FilterSocket implements Closeable {
  /// One thread for the time limits of all connections: it only closes. It looks at them now and
  /// then, as long as there are any, for an exchange is over in less time than it takes to wake it.
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private static final long BEGUN = System.nanoTime();
  private static final long LOOK_MILLIS = 50;
  private static final Set<FilterSocket> OPEN = ConcurrentHashMap.newKeySet();
  private static final AtomicBoolean LOOKING = new AtomicBoolean();

  /// Nothing is waited for.
  private static final long NEVER = Long.MAX_VALUE;

  /// It has taken too long.
  private static final long OVER = Long.MIN_VALUE;

  private final FilterAddress address;
  private final SocketChannel channel;

  /// When what is waited for has taken too long, as {@link System#nanoTime} less {@link #BEGUN}.
  private final AtomicLong until = new AtomicLong(NEVER);

  private volatile Duration patience = Duration.ZERO;

  /// What is done on a connection.
  public interface Work<T> {
    T run() throws IOException;
  }

  private FilterSocket(FilterAddress address, SocketChannel channel) {
    this.address = address;
    this.channel = channel;
  }

  /// Connects.
  ///
  /// @throws IOException says in its message why not, with the address
  public static FilterSocket connect(FilterAddress address, Duration patience) throws IOException {
    SocketAddress to = address.resolved();
    if (to instanceof InetSocketAddress internet && internet.isUnresolved()) {
      throw new UnknownHostException(address + ": there is no such host");
    }
    boolean local = to instanceof UnixDomainSocketAddress;
    var socket =
        new FilterSocket(
            address,
            local ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open());
    OPEN.add(socket);
    try {
      if (!local) {
        socket.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      socket.within(patience, () -> socket.channel.connect(to));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Does something on the connection that may wait for the filter.
  ///
  /// @throws IOException says in its message why it failed, with the address
  public <T> T within(Duration patience, Work<T> work) throws IOException {
    this.patience = patience;
    long limit = now() + patience.toNanos();
    if (until.compareAndSet(NEVER, limit)) {
      look();
    }
    try {
      return work.run();
    } catch (IOException e) {
      throw new IOException(address + ": " + why(e), e);
    } finally {
      until.compareAndSet(limit, NEVER);
    }
  }

  private static long now() {
    return System.nanoTime() - BEGUN;
  }

  private String why(IOException e) {
    if (until.get() == OVER) {
      return "no answer within " + patience.toMillis() + " ms";
    }
    return e instanceof EOFException
        ? "closed the connection"
        : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /// Begins to look at the time limits, if nobody does.
  private static void look() {
    if (!LOOKING.get() && LOOKING.compareAndSet(false, true)) {
      WATCH.schedule(FilterSocket::lookAtAll, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static void lookAtAll() {
    LOOKING.set(false);
    long now = now();
    for (FilterSocket socket : OPEN) {
      socket.lookAt(now);
    }
    if (!OPEN.isEmpty()) {
      look();
    }
  }

  private void lookAt(long now) {
    long limit = until.get();
    if (limit == OVER || limit > now || !until.compareAndSet(limit, OVER)) {
      return;
    }
    OPEN.remove(this);
    try {
      channel.close();
    } catch (IOException e) {
      // it was not to be used any more
    }
  }

  /// What the filter says.
  public InputStream in() {
    return Channels.newInputStream(channel);
  }

  /// What is said to the filter.
  public OutputStream out() {
    return Channels.newOutputStream(channel);
  }

  /// Says that nothing more will be said; answers may still come.
  public void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  public FilterAddress address() {
    return address;
  }

  @Override
  public void close() throws IOException {
    OPEN.remove(this);
    channel.close();
  }

  private static ScheduledThreadPoolExecutor watch() {
    var watch =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("filter time limits").factory());
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }
}
