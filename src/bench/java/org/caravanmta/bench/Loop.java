package org.caravanmta.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// One thread that serves many connections, which is what costs a benchmark least.
final class Loop implements AutoCloseable {
  private static final int ROOM = 64 << 10;

  /// One end of a connection.
  abstract static class Line {
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private Loop loop;
    private SelectionKey key;

    /// Bytes have come; all are taken.
    abstract void read(ByteBuffer bytes) throws IOException;

    void connected() {}

    /// The other side has ended, or the connection broke.
    void ended() {}

    /// Writes what the system takes, and the rest when it takes more.
    void write(ByteBuffer bytes) throws IOException {
      if (unsent.isEmpty()) {
        ((SocketChannel) key.channel()).write(bytes);
      }
      if (bytes.hasRemaining()) {
        unsent.add(bytes);
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    }

    void close() {
      loop.drop(this);
    }

    private void flush() throws IOException {
      while (!unsent.isEmpty()) {
        ((SocketChannel) key.channel()).write(unsent.peek());
        if (unsent.peek().hasRemaining()) {
          return;
        }
        unsent.remove();
      }
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /// Makes the line for a connection that a client has opened.
  interface Acceptance {
    Line accept();
  }

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM);
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  Loop(String name) throws IOException {
    selector = Selector.open();
    thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /// Runs `work` on this loop's thread.
  void ask(Runnable work) {
    asked.add(work);
    selector.wakeup();
  }

  void listen(ServerSocketChannel server, Acceptance acceptance) {
    ask(
        () -> {
          try {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT, acceptance);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// Opens a connection; on this loop's thread.
  void connect(java.net.SocketAddress to, Line line) {
    try {
      var channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      line.loop = this;
      line.key = channel.register(selector, SelectionKey.OP_CONNECT, line);
      if (channel.connect(to)) {
        connected(line);
      }
    } catch (IOException e) {
      drop(line);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() {
    while (!closed) {
      try {
        selector.select(this::serve);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      for (Runnable work = asked.poll(); work != null; work = asked.poll()) {
        work.run();
      }
    }
  }

  private void serve(SelectionKey key) {
    if (key.attachment() instanceof Acceptance acceptance) {
      accept((ServerSocketChannel) key.channel(), acceptance);
      return;
    }
    var line = (Line) key.attachment();
    try {
      if (key.isConnectable()) {
        ((SocketChannel) key.channel()).finishConnect();
        connected(line);
      }
      if (key.isValid() && key.isWritable()) {
        line.flush();
      }
      if (key.isValid() && key.isReadable()) {
        receive(line);
      }
    } catch (IOException e) {
      drop(line);
    }
  }

  private void accept(ServerSocketChannel server, Acceptance acceptance) {
    try {
      for (var channel = server.accept(); channel != null; channel = server.accept()) {
        channel.configureBlocking(false);
        channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
        Line line = acceptance.accept();
        line.loop = this;
        line.key = channel.register(selector, SelectionKey.OP_READ, line);
        line.connected();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void connected(Line line) {
    line.key.interestOps(SelectionKey.OP_READ);
    line.connected();
  }

  private void receive(Line line) throws IOException {
    buffer.clear();
    int count = ((SocketChannel) line.key.channel()).read(buffer);
    if (count < 0) {
      drop(line);
      return;
    }
    buffer.flip();
    line.read(buffer);
  }

  private void drop(Line line) {
    if (line.key == null || !line.key.isValid()) {
      return;
    }
    line.key.cancel();
    try {
      line.key.channel().close();
    } catch (IOException e) {
      // it is gone in any case
    }
    line.ended();
  }
}
