package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.address.Literals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection over TCP.
final class TcpStream implements Stream {
  private static final Logger LOG = LoggerFactory.getLogger(TcpStream.class);

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  private TcpStream(SocketChannel channel, Duration patience) throws IOException {
    this.channel = channel;
    this.in = channel.socket().getInputStream();
    this.out =
        new WatchedOutput(channel.socket().getOutputStream(), channel::shutdownOutput, patience);
  }

  static TcpStream open(Peer peer, SmtpCaller caller) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      bind(channel, peer, caller);
      channel.socket().connect(peer.address(), millis(caller.waits().connect()));
      return new TcpStream(channel, caller.waits().transfer());
    } catch (IOException | RuntimeException e) {
      abort(channel);
      throw e;
    }
  }

  /// An address that this machine does not have now keeps no mail back (postfix
  /// `smtp_bind_address_enforce`).
  private static void bind(SocketChannel channel, Peer peer, SmtpCaller caller) {
    Optional<InetAddress> from = caller.from(peer);
    if (from.isPresent()) {
      try {
        channel.bind(new InetSocketAddress(from.get(), 0));
      } catch (IOException e) {
        LOG.warn("{}: not called from {}: {}", peer, Literals.text(from.get()), e.getMessage());
      }
    }
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void patience(Duration patience) throws IOException {
    channel.socket().setSoTimeout(millis(patience));
  }

  @Override
  public boolean quiet() throws IOException {
    channel.configureBlocking(false);
    int read = channel.read(ByteBuffer.allocate(1));
    channel.configureBlocking(true);
    return read == 0;
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
