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
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection to a content filter on which nothing is waited for longer than is allowed: when the
/// time is over the connection is closed, whatever it is doing. For one thread at a time.
public final class FilterSocket implements Closeable {
  /// One thread for the time limits of all connections: it only closes.
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private final FilterAddress address;
  private final SocketChannel channel;
  private volatile @Nullable Duration over;

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
    var limit = WATCH.schedule(() -> expire(patience), patience.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return work.run();
    } catch (IOException e) {
      throw new IOException(address + ": " + why(e), e);
    } finally {
      limit.cancel(false);
    }
  }

  private String why(IOException e) {
    Duration passed = over;
    if (passed != null) {
      return "no answer within " + passed.toMillis() + " ms";
    }
    return e instanceof EOFException
        ? "closed the connection"
        : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void expire(Duration patience) {
    over = patience;
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
