package org.caravanmta.web;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.caravanmta.address.Literals;
import org.caravanmta.port.Accepting;
import org.caravanmta.port.Callers;

/// Answers HTTP (RFC 9110) from construction until {@link #close}; one request on a connection.
public final class WebServer implements AutoCloseable {
  /// Connections whose request is still to come.
  private static final int MOST_SILENT = 32;

  /// Pages that are written at one time: each may ask the broker or the database.
  private static final int AT_ONCE = 8;

  /// A request is there after this, or its connection goes; so is the answer taken.
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEADER = 8192;
  private static final int LONGEST_BODY = 1024;

  private final EventLoopGroup loop;
  private final Channel listening;

  /// @param name in the log
  /// @param setting that has the address: `metrics.address`
  /// @param address port 0 is any free one
  public WebServer(
      String name, String setting, InetSocketAddress address, WebPages pages, Duration patience)
      throws IOException {
    loop = new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
    var callers = new Callers<Channel>(MOST_SILENT);
    var places = new Semaphore(AT_ONCE);
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new WriteTimeoutHandler(patience.toMillis(), TimeUnit.MILLISECONDS))
                        .addLast(new HttpServerCodec(LONGEST_LINE, LONGEST_HEADER, LONGEST_BODY))
                        .addLast(new HttpObjectAggregator(LONGEST_BODY))
                        .addLast(new WebExchange(name, pages, callers, places, patience));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          setting
              + ": "
              + Literals.scoped(address)
              + " cannot be listened on: "
              + bound.cause().getMessage(),
          bound.cause());
    }
    listening = bound.channel();
    Accepting.at(listening, name);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
