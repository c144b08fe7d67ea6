package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// A connection over a socket in the file system (unix(7)), whose streams have no time-outs of
/// their own in Java: each waits for the channel, as long as it may.
final class LocalStream implements Stream {
  private final SocketChannel channel;
  private final Selector selector;
  private final Duration writing;
  private Duration reading;
  // what quiet() has met
  private final ByteBuffer met = ByteBuffer.allocate(1).limit(0);

  private LocalStream(SocketChannel channel, Duration writing) throws IOException {
    this.channel = channel;
    this.selector = Selector.open();
    this.writing = writing;
    this.reading = writing;
    channel.configureBlocking(false);
    channel.register(selector, 0);
  }

  /// A listener that takes no more connections refuses at once, or has this one wait in its queue.
  static LocalStream open(UnixDomainSocketAddress path, Duration writing) throws IOException {
    SocketChannel channel = SocketChannel.open(path);
    try {
      return new LocalStream(channel, writing);
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
        if (met.hasRemaining()) {
          bytes[offset] = met.get();
          return 1;
        }
        ByteBuffer into = ByteBuffer.wrap(bytes, offset, length);
        int count = channel.read(into);
        while (count == 0 && length > 0) {
          await(SelectionKey.OP_READ, reading, "read timed out");
          count = channel.read(into);
        }
        return count;
      }

      @Override
      public int available() throws IOException {
        return LocalStream.this.quiet() ? 0 : 1;
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
            await(SelectionKey.OP_WRITE, writing, "write timed out");
          }
        }
      }
    };
  }

  @Override
  public void patience(Duration patience) {
    reading = patience;
  }

  @Override
  public boolean quiet() throws IOException {
    if (met.hasRemaining()) {
      return false;
    }
    met.clear();
    int read = channel.read(met);
    met.flip();
    return read == 0;
  }

  @Override
  public void close() {
    try (selector) {
      channel.close();
    } catch (IOException e) {
      // closed all the same
    }
  }

  private void await(int what, Duration patience, String late) throws IOException {
    SelectionKey key = channel.keyFor(selector);
    if (key == null) {
      throw new IOException("closed");
    }
    key.interestOps(what);
    int ready = selector.select(Math.max(1, patience.toMillis()));
    selector.selectedKeys().clear();
    if (ready == 0) {
      throw new SocketTimeoutException(late);
    }
  }
}
