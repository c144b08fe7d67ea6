package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.headway.Headway;
import org.caravanmta.tls.client.ChannelSecurity;

/// A connection over a UNIX-domain socket (unix(7)). Java's streams for these have no time-outs;
/// here each read and write waits for the channel, but no longer than it may.
final class UnixStream implements ByteStream {
  private final SocketChannel channel;
  private final Selector selector;
  private final Duration writeTimeout;
  private Duration readTimeout;

  /// The byte that {@link #quiet} has read, if any.
  private final ByteBuffer peeked = ByteBuffer.allocate(1).limit(0);

  private UnixStream(SocketChannel channel, Duration writeTimeout) throws IOException {
    this.channel = channel;
    this.selector = Selector.open();
    this.writeTimeout = writeTimeout;
    this.readTimeout = writeTimeout;
    channel.configureBlocking(false);
    channel.register(selector, 0);
  }

  /// Connects. On a virtual thread this does not wait: a listener whose queue is full refuses at
  /// once.
  ///
  /// @param writeTimeout how long a write may wait
  static UnixStream open(UnixDomainSocketAddress path, Duration writeTimeout) throws IOException {
    SocketChannel channel = SocketChannel.open(path);
    try {
      var stream = new UnixStream(channel, writeTimeout);
      Headway.current().grip(stream::abort);
      return stream;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public InputStream in() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (peeked.hasRemaining()) {
          bytes[offset] = peeked.get();
          return 1;
        }
        ByteBuffer into = ByteBuffer.wrap(bytes, offset, length);
        int count = channel.read(into);
        while (count == 0 && length > 0) {
          await(SelectionKey.OP_READ, readTimeout, "read timed out");
          count = channel.read(into);
        }
        return count;
      }

      @Override
      public int available() throws IOException {
        return UnixStream.this.quiet() ? 0 : 1;
      }
    };
  }

  @Override
  public OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes, offset, length);
        while (from.hasRemaining()) {
          if (channel.write(from) == 0) {
            await(SelectionKey.OP_WRITE, writeTimeout, "write timed out");
          }
        }
      }
    };
  }

  @Override
  public void timeout(Duration timeout) {
    readTimeout = timeout;
  }

  @Override
  public boolean quiet() throws IOException {
    if (peeked.hasRemaining()) {
      return false;
    }
    peeked.clear();
    int read = channel.read(peeked);
    peeked.flip();
    return read == 0;
  }

  @Override
  public ChannelSecurity security() {
    return ChannelSecurity.VERIFIED;
  }

  @Override
  public int poll(ByteBuffer into) throws IOException {
    if (peeked.hasRemaining()) {
      into.put(peeked.get());
      return 1;
    }
    return channel.read(into);
  }

  @Override
  public Optional<InetAddress> from() {
    return Optional.empty();
  }

  @Override
  public void abort() {
    try {
      channel.close();
    } catch (IOException e) {
      // the channel is closed even so
    }
    if (selector.isOpen()) {
      selector.wakeup();
    }
  }

  @Override
  public void close() {
    try (selector) {
      channel.close();
    } catch (IOException e) {
      // the channel is closed even so
    }
  }

  private void await(int what, Duration timeout, String late) throws IOException {
    SelectionKey key = channel.keyFor(selector);
    if (key == null) {
      throw new IOException("closed");
    }
    int ready;
    try {
      key.interestOps(what);
      ready = selector.select(Math.max(1, timeout.toMillis()));
      selector.selectedKeys().clear();
    } catch (CancelledKeyException e) {
      throw new IOException("closed", e);
    }
    if (!channel.isOpen()) {
      throw new IOException("closed");
    }
    if (ready == 0) {
      throw new SocketTimeoutException(late);
    }
  }
}
