package org.caravanmta.smtp.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.caravanmta.smtp.Reply;

/// A TCP connection to a server: lines out, replies in, each wait bounded.
final class Connection implements AutoCloseable {
  /// A message of 4 KiB with its commands goes out in one piece.
  private static final int BUFFER = 16 * 1024;

  private final Peer peer;
  private final SocketChannel channel;
  private final Socket socket;
  private final OutputStream out;
  private final ReplyReader replies;

  private Connection(Peer peer, SocketChannel channel, Duration patience) throws IOException {
    this.peer = peer;
    this.channel = channel;
    this.socket = channel.socket();
    this.out =
        new BufferedOutputStream(
            new WatchedOutput(socket.getOutputStream(), channel, patience), BUFFER);
    this.replies = new ReplyReader(socket.getInputStream());
  }

  static Connection open(Peer peer, Caller caller) throws Unreachable {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(peer.address(), millis(caller.connect()));
      return new Connection(peer, channel, caller.command());
    } catch (IOException e) {
      if (channel != null) {
        abort(channel);
      }
      throw new Unreachable(peer.unreachable(e));
    }
  }

  Peer peer() {
    return peer;
  }

  /// Puts a command line into the buffer.
  void send(String line) throws IOException {
    if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new IllegalArgumentException("a command that breaks its line: " + line);
    }
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\r');
    out.write('\n');
  }

  /// Where the message goes between DATA and the dot.
  OutputStream data() {
    return out;
  }

  void flush() throws IOException {
    out.flush();
  }

  Reply reply(Duration patience) throws IOException {
    socket.setSoTimeout(millis(patience));
    return replies.read();
  }

  /// Whether a connection on which nothing is outstanding is still open, and the server has not
  /// spoken out of turn, which is a 421. Does not wait.
  boolean quiet() {
    if (replies.ahead()) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    abort(channel);
  }

  private static void abort(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // closed all the same
    }
  }

  private static int millis(Duration patience) {
    return Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE);
  }
}
