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
import org.caravanmta.headway.Headway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection over TCP (RFC 5321 §3.1), from the address that the caller chooses.
final class TcpStream implements ByteStream {
  private static final Logger LOG = LoggerFactory.getLogger(TcpStream.class);

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  private TcpStream(SocketChannel channel, Duration timeout) throws IOException {
    this.channel = channel;
    this.in = channel.socket().getInputStream();
    this.out =
        new TimedOutput(channel.socket().getOutputStream(), channel::shutdownOutput, timeout);
  }

  /// Connects.
  ///
  /// @throws IOException if the server does not take the connection in time
  static TcpStream open(Peer peer, SmtpCaller caller, Approach approach) throws IOException {
    SocketChannel channel = SocketChannel.open();
    Headway.current().grip(() -> abort(channel));
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (approach.from().isPresent()) {
        bind(channel, approach.from().get());
      } else {
        bind(channel, peer, caller.from(peer));
      }
      channel.socket().connect(peer.address(), millis(caller.connection().connectTimeout()));
      return new TcpStream(channel, caller.timeouts().transfer());
    } catch (IOException | RuntimeException e) {
      abort(channel);
      throw e;
    }
  }

  /// Thrown when we cannot call from an address of ours that has been chosen.
  static final class Unbound extends IOException {
    private static final long serialVersionUID = 1L;

    private Unbound(Source from, IOException why) {
      super("not from " + Literals.text(from.address()) + ": " + why.getMessage(), why);
    }
  }

  /// Binds the connection to an address of ours, and to no other.
  private static void bind(SocketChannel channel, Source from) throws Unbound {
    try {
      channel.bind(new InetSocketAddress(from.address(), 0));
    } catch (IOException e) {
      throw new Unbound(from, e);
    }
  }

  /// Binds the connection to our address. If this machine does not have the address at present,
  /// mail goes out all the same (postfix `smtp_bind_address_enforce`).
  private static void bind(SocketChannel channel, Peer peer, Optional<InetAddress> from) {
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
  public void timeout(Duration timeout) throws IOException {
    channel.socket().setSoTimeout(millis(timeout));
  }

  @Override
  public boolean quiet() throws IOException {
    return poll(ByteBuffer.allocate(1)) == 0;
  }

  @Override
  public int poll(ByteBuffer into) throws IOException {
    channel.configureBlocking(false);
    try {
      return channel.read(into);
    } finally {
      channel.configureBlocking(true);
    }
  }

  @Override
  public Optional<InetAddress> from() {
    try {
      return channel.getLocalAddress() instanceof InetSocketAddress own
          ? Optional.of(own.getAddress())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void abort() {
    abort(channel);
  }

  @Override
  public void close() {
    abort(channel);
  }

  private static void abort(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // the channel is closed even so
    }
  }

  private static int millis(Duration timeout) {
    return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
  }
}
