package org.caravanmta.monitor;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.caravanmta.address.Literals;
import org.caravanmta.port.Accepting;
import org.caravanmta.port.Callers;

/// The address at which monitoring asks (HTTP, RFC 9110): `/metrics` in Prometheus' text format,
/// `/live` (200 while the process answers at all) and `/ready` (200 while mail is taken, else 503;
/// then what else there is to know, a line each). Answers from construction until {@link #close};
/// one request on a connection.
public final class MetricsEndpoint implements AutoCloseable {
  /// Connections whose request is still to come.
  private static final int MOST_SILENT = 32;

  /// A request is there after this, or its connection goes; so is the answer taken.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_HEADER = 8192;
  private static final int LONGEST_BODY = 1024;

  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("metrics", true));
  private final Channel listening;

  /// @param address `metrics.address`; port 0 is any free one
  /// @param details lines that follow on the page `/ready`
  public MetricsEndpoint(
      InetSocketAddress address,
      PrometheusMeterRegistry registry,
      BooleanSupplier ready,
      Supplier<List<String>> details)
      throws IOException {
    this(address, registry, ready, details, PATIENCE);
  }

  MetricsEndpoint(
      InetSocketAddress address,
      PrometheusMeterRegistry registry,
      BooleanSupplier ready,
      Supplier<List<String>> details,
      Duration patience)
      throws IOException {
    var pages = new Pages(registry, ready, details);
    var callers = new Callers<Channel>(MOST_SILENT);
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
                        .addLast(new Request(pages, callers, patience));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "metrics.address: "
              + Literals.scoped(address)
              + " cannot be listened on: "
              + bound.cause().getMessage(),
          bound.cause());
    }
    listening = bound.channel();
    Accepting.at(listening, "metrics");
  }

  /// Adds the process itself to what is measured: memory, threads, processor, open files, uptime.
  public static void addProcess(PrometheusMeterRegistry registry) {
    List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(metrics -> metrics.bindTo(registry));
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
