package org.caravanmta.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;

/// Where a lookup server listens (postfix `socketmap_table(5)`, `tcp_table(5)`): a TCP port, or a
/// socket in the file system.
sealed interface Endpoint {
  /// How long connecting, and then each read, may take: a client is waiting for the reply to RCPT.
  Duration TIMEOUT = Duration.ofSeconds(10);

  /// A TCP port.
  record Inet(String host, int port) implements Endpoint {}

  /// A socket in the file system.
  record Unix(String path) implements Endpoint {}

  /// Reads `HOST:PORT`, where the host may be in square brackets.
  ///
  /// @throws IllegalArgumentException if it is not `HOST:PORT`
  static Endpoint inet(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon <= 0 || !port.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("expected HOST:PORT, found \"" + text + "\"");
    }
    return new Inet(text.substring(0, colon).replaceAll("^\\[|]$", ""), Integer.parseInt(port));
  }

  /// An open connection, whose reads fail after {@link #TIMEOUT}.
  record Connection(InputStream in, OutputStream out, AutoCloseable socket)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        socket.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  /// Connects.
  ///
  /// @throws IOException if nobody listens, or the server does not answer in time
  @SuppressWarnings("resource") // the connection closes its socket
  default Connection open() throws IOException {
    return switch (this) {
      case Inet(String host, int port) -> {
        var socket = new Socket();
        try {
          socket.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
          socket.setSoTimeout((int) TIMEOUT.toMillis());
          socket.setTcpNoDelay(true);
          yield new Connection(socket.getInputStream(), socket.getOutputStream(), socket);
        } catch (IOException | RuntimeException e) {
          socket.close();
          throw e;
        }
      }
      case Unix(String path) -> new UnixChannel(path).connection();
    };
  }

  /// A connection to a socket in the file system. Its channel has no time-outs of its own, so a
  /// timer closes it.
  final class UnixChannel {
    private static final Timer TIMER = new Timer("lookups", true);
    private final SocketChannel channel;

    UnixChannel(String path) throws IOException {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(path));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }

    Connection connection() {
      var in = Channels.newInputStream(channel);
      var timed =
          new InputStream() {
            @Override
            public int read() throws IOException {
              byte[] one = new byte[1];
              return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
              var end = new Deadline(channel);
              TIMER.schedule(end, TIMEOUT.toMillis());
              try {
                return in.read(into, from, length);
              } finally {
                end.cancel();
              }
            }
          };
      return new Connection(
          timed,
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              var buffer = ByteBuffer.wrap(bytes, from, length);
              while (buffer.hasRemaining()) {
                channel.write(buffer);
              }
            }
          },
          channel);
    }
  }

  /// Closes a channel whose server has not answered in time.
  final class Deadline extends TimerTask {
    private final SocketChannel channel;

    Deadline(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void run() {
      try {
        channel.close();
      } catch (IOException e) {
        // whoever reads sees that it is closed
      }
    }
  }
}
