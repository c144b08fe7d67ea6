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

/// Where a program that answers lookups listens: a TCP port or a socket in the file system.
sealed interface Endpoint {
  /// How long a connection, and then one question, may take (postfix `smtpd_proxy_timeout` is
  /// longer; but here a client waits for the reply to RCPT).
  Duration TIMEOUT = Duration.ofSeconds(10);

  record Inet(String host, int port) implements Endpoint {}

  record Unix(String path) implements Endpoint {}

  /// @throws IllegalArgumentException if it is not `HOST:PORT`
  static Endpoint inet(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon <= 0 || !port.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("expected HOST:PORT, found \"" + text + "\"");
    }
    return new Inet(text.substring(0, colon).replaceAll("^\\[|]$", ""), Integer.parseInt(port));
  }

  /// A conversation that ends by itself when it takes too long.
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

  /// A channel has no time-outs: a timer closes it.
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

  /// The end of someone's patience.
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
