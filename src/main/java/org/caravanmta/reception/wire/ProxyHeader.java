package org.caravanmta.reception.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.caravanmta.message.Printable;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.limits.MemoryBudget;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The handler that reads the header of the PROXY protocol, version 1 or 2, which a declared proxy
/// sends before the client's bytes (postfix `smtpd_upstream_proxy_protocol`), and then begins the
/// session with the client that the header names, before the greeting of RFC 5321 §3.1. If the
/// proxy speaks for itself, as in a health check (LOCAL, UNKNOWN), the proxy is the client.
public final class ProxyHeader extends ChannelInboundHandlerAdapter {
  /// How long the header may take (postfix `smtpd_upstream_proxy_timeout`).
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /// The most bytes that a proxy may add after the addresses, such as the server name that the
  /// client asked for and facts of TLS.
  private static final int MOST_EXTRAS = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);

  /// The beginning of a session, once the header has been read.
  public interface Beginning {
    /// Puts the handlers of the session after this one.
    ///
    /// @param client the client, or the proxy when the header names none
    /// @param server the address at which the client reached the proxy; absent when the header does
    ///   not say it
    void begin(InetSocketAddress client, Optional<InetSocketAddress> server, Opening opening);
  }

  /// Bytes of memory that it takes to wait for a header and read it.
  private static final int ROOM = 12 * 1024;

  private final InetSocketAddress proxy;
  private final Holding holding;
  // nanoseconds
  private final long timeout;
  private final boolean clientSpeaksFirst;
  private final Beginning beginning;

  // a channel of its own, because the decoder closes its channel at an error, before we can reply
  private final EmbeddedChannel decoder =
      new EmbeddedChannel(new HAProxyMessageDecoder(MOST_EXTRAS));
  private @Nullable ScheduledFuture<?> timer;
  private boolean begun;

  /// @param budget what all sessions together may hold in memory
  /// @param timeout how long a session waits for a command; the header may not take longer either
  /// @param clientSpeaksFirst whether bytes of the client may follow the header at once, because
  ///   TLS begins the connection
  public ProxyHeader(
      InetSocketAddress proxy,
      MemoryBudget budget,
      Duration timeout,
      boolean clientSpeaksFirst,
      Beginning beginning) {
    this.holding = new Holding(budget);
    this.clientSpeaksFirst = clientSpeaksFirst;
    this.proxy = proxy;
    this.timeout = Math.min(timeout.toNanos(), TIMEOUT.toNanos());
    this.beginning = beginning;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!holding.grow(Holding.What.SESSION, ROOM)) {
      // the client is not known yet, so there is no session that could refuse it
      ctx.close();
      return;
    }
    timer =
        ctx.executor().schedule(() -> bad(ctx, "it does not come"), timeout, TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (begun) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      decoder.writeInbound(message);
    } catch (DecoderException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      bad(ctx, String.valueOf(why.getMessage()));
      return;
    }
    if (decoder.readInbound() instanceof HAProxyMessage header) {
      try {
        understood(ctx, header);
      } finally {
        header.release();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!begun && event instanceof ChannelInputShutdownEvent) {
      ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
    decoder.finishAndReleaseAll();
    holding.close();
  }

  private void understood(ChannelHandlerContext ctx, HAProxyMessage header) {
    Optional<Connected> found;
    try {
      found = connected(header);
    } catch (IllegalArgumentException e) {
      bad(ctx, "it names no client: " + e.getMessage());
      return;
    }
    Object rest = decoder.readInbound();
    InetSocketAddress client = found.map(Connected::client).orElse(proxy);
    Optional<InetSocketAddress> server = found.map(Connected::server);
    if (clientSpeaksFirst && rest != null) {
      begin(ctx, client, server, Opening.SILENT, rest);
      return;
    }
    boolean early = rest instanceof ByteBuf bytes && bytes.isReadable();
    ReferenceCountUtil.release(rest);
    begin(ctx, client, server, early ? Opening.EARLY : Opening.SILENT, Unpooled.EMPTY_BUFFER);
  }

  /// The two ends of a client's connection to the proxy.
  private record Connected(InetSocketAddress client, InetSocketAddress server) {}

  /// The connection that a header names; absent when the proxy speaks for itself.
  ///
  /// @throws IllegalArgumentException when the header names something other than a TCP connection
  private static Optional<Connected> connected(HAProxyMessage header) {
    if (header.command() == HAProxyCommand.LOCAL) {
      return Optional.empty();
    }
    return switch (header.proxiedProtocol()) {
      case TCP4, TCP6 ->
          Optional.of(
              new Connected(
                  new InetSocketAddress(
                      InetAddress.ofLiteral(header.sourceAddress()), header.sourcePort()),
                  new InetSocketAddress(
                      InetAddress.ofLiteral(header.destinationAddress()),
                      header.destinationPort())));
      case UNKNOWN -> Optional.empty();
      case UDP4, UDP6, UNIX_STREAM, UNIX_DGRAM ->
          throw new IllegalArgumentException(header.proxiedProtocol() + " is not TCP");
    };
  }

  private void bad(ChannelHandlerContext ctx, String why) {
    if (!begun) {
      LOG.warn("bad PROXY header from {}: {}", proxy, Printable.text(why));
      begin(ctx, proxy, Optional.empty(), Opening.BAD_HEADER, Unpooled.EMPTY_BUFFER);
    }
  }

  private void begin(
      ChannelHandlerContext ctx,
      InetSocketAddress client,
      Optional<InetSocketAddress> server,
      Opening opening,
      Object first) {
    begun = true;
    beginning.begin(client, server, opening);
    ctx.fireChannelActive();
    ctx.fireChannelRead(first);
    ctx.pipeline().remove(this);
  }
}
