package org.caravanmta.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.caravanmta.port.Callers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of a client that asks for a page: its request, within the time there is for it,
/// and the answer, which closes it.
final class WebExchange extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(WebExchange.class);

  private final String name;
  private final WebPages pages;
  private final Callers<Channel> callers;
  private final Semaphore places;
  private final Duration patience;
  private boolean asked;

  /// @param name in the log
  /// @param places for pages that are written at one time
  WebExchange(
      String name, WebPages pages, Callers<Channel> callers, Semaphore places, Duration patience) {
    this.name = name;
    this.pages = pages;
    this.callers = callers;
    this.places = places;
    this.patience = patience;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Channel channel = context.channel();
    callers.enter(channel).ifPresent(Channel::close);
    var late =
        context
            .executor()
            .schedule(() -> ended(context), patience.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> late.cancel(false));
  }

  /// The time for a request is over; how long an answer takes is the pipeline's to see to.
  private void ended(ChannelHandlerContext context) {
    if (!asked) {
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    callers.leave(context.channel());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (asked) {
      return;
    }
    asked = true;
    callers.leave(context.channel());
    String method = request.method().name();
    boolean head = method.equals("HEAD");
    String path = request.uri().split("\\?", 2)[0];
    if (request.decoderResult().isFailure()) {
      end(context, false, WebPage.plain(400, "not understood\n"));
    } else if (!places.tryAcquire()) {
      end(context, false, WebPage.plain(503, "too many at once\n"));
    } else {
      Thread.ofVirtual()
          .name(name)
          .start(
              () -> {
                try {
                  end(context, head, pages.at(new WebRequest(head ? "GET" : method, path)));
                } catch (RuntimeException e) {
                  LOG.warn("{}: a page cannot be written", name, e);
                  context.close();
                } finally {
                  places.release();
                }
              });
    }
  }

  private static void end(ChannelHandlerContext context, boolean head, WebPage page) {
    byte[] text = page.text().getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(page.status()),
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(text));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, page.type())
        .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    page.fields().forEach((field, value) -> response.headers().set(field, value));
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable why) {
    LOG.debug("{}: {}", name, why.toString());
    context.close();
  }
}
