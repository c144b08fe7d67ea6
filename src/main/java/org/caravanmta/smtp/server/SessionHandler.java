package org.caravanmta.smtp.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries a {@link Session} on a socket (RFC 5321 §3.1): cuts what comes in into lines and data,
/// collects replies so that those to one group of pipelined commands leave together (RFC 2920
/// §3.2), passes questions on to the next handler, and takes whatever is written to the channel
/// that is not bytes as the answer. Runs on the channel's event loop.
final class SessionHandler extends ChannelDuplexHandler implements Carrier {
  private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[64 * 1024];
        }
      };

  private final Sessions sessions;
  private final Session session;
  private final Lines lines;
  private final Handshake handshake;
  private final Watch watch;
  private final Inbox inbox = new Inbox();
  private final Outbox outbox = new Outbox();
  private final Opening opening;
  // from the time it is in the pipeline
  private ChannelHandlerContext context;
  private boolean working;
  private boolean hungUp;
  private boolean hungUpAsked;
  private boolean ending;
  private boolean securing;
  private boolean roomAtStart;

  @SuppressWarnings("this-escape")
  SessionHandler(
      Reception reception, Service service, Security security, Client client, Opening opening) {
    lines = new Lines(reception.settings().conduct().normalizing());
    sessions = reception.sessions();
    session = new Session(reception, service, security, client, this);
    handshake = new Handshake(security, client);
    watch = new Watch(session::patience);
    this.opening = opening;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    // the route's handler is to know of the channel before it gets a question
    ctx.fireChannelActive();
    boolean room = sessions.enter(this);
    watch.begin(ctx.executor(), () -> work(session::expire));
    if (handshake.comesFirst() && opening != Opening.BAD_HEADER) {
      roomAtStart = room;
      handshake.begin(ctx);
    } else {
      work(() -> session.greet(opening.asFound(ctx.channel()), room));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completed) {
      watch.restart();
      handshake
          .secured(ctx, completed)
          .ifPresentOrElse(
              agreed ->
                  work(
                      () -> {
                        session.secured(agreed);
                        if (handshake.comesFirst()) {
                          session.greet(opening, roomAtStart);
                        }
                      }),
              () -> {
                hungUp = true;
                ctx.close();
              });
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (hungUp) {
      bytes.release();
      return;
    }
    inbox.add(ctx, bytes);
    work(() -> {});
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    work(() -> {});
    ctx.fireChannelWritabilityChanged();
  }

  /// Takes the answer to a question.
  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf) {
      ctx.write(message, promise);
      return;
    }
    promise.setSuccess();
    watch.restart();
    work(() -> session.answer(message));
  }

  /// The route is being stopped, and closes its channels.
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (hungUp) {
      ctx.close(promise);
      return;
    }
    ctx.channel().closeFuture().addListener(future -> promise.trySuccess());
    work(session::stop);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.end();
    hungUp = true;
    inbox.clear();
    outbox.clear();
    session.gone();
    sessions.exit(this);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      // the connection is broken: nobody is there to hear of it
      LOG.debug("connection of {}", ctx.channel(), cause);
      hungUp = true;
      ctx.close();
    } else {
      work(() -> session.broken(cause));
    }
  }

  @Override
  public void reply(Reply reply) {
    outbox.add(context, session.given(reply));
  }

  @Override
  public void ask(Case question) {
    watch.restart();
    context.fireChannelRead(question);
  }

  @Override
  public void secure() {
    securing = true;
  }

  @Override
  public void hangUp(boolean asked) {
    hungUp = true;
    hungUpAsked = asked;
  }

  @Override
  public void execute(Runnable task) {
    context
        .executor()
        .execute(
            () -> {
              watch.restart();
              work(task);
            });
  }

  @Override
  public void later(Duration delay, Runnable task) {
    context
        .executor()
        .schedule(
            () -> {
              watch.restart();
              work(task);
            },
            delay.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /// Ends the session as soon as no transaction is under way; from any thread.
  void leave() {
    execute(session::leave);
  }

  /// Does `first`, then all that the session wants with the bytes that are there.
  private void work(Runnable first) {
    if (working) {
      first.run();
      return;
    }
    working = true;
    try {
      first.run();
      takeInput();
    } catch (RuntimeException e) {
      session.broken(e);
    } finally {
      working = false;
    }
    settle();
  }

  private void takeInput() {
    boolean goOn = true;
    while (goOn && !hungUp && !inbox.isEmpty() && isHeard()) {
      goOn =
          switch (session.wants()) {
            case NOTHING -> false;
            case COMMAND -> takeLine(inbox.bytes());
            case CONTENT -> takeContent(inbox.bytes());
          };
    }
  }

  /// Whether the client reads our replies: if it does not, it is not listened to.
  private boolean isHeard() {
    if (outbox.isFull()) {
      outbox.send(context);
    }
    return context.channel().isWritable();
  }

  private boolean takeLine(ByteBuf from) {
    Optional<Lines.Line> line = lines.next(from, session.lineLimit());
    line.ifPresent(
        l -> {
          watch.restart();
          session.line(l, from.isReadable());
        });
    return line.isPresent();
  }

  private boolean takeContent(ByteBuf from) {
    byte[] scratch = SCRATCH.get();
    int count = Math.min(from.readableBytes(), scratch.length);
    from.getBytes(from.readerIndex(), scratch, 0, count);
    int taken = session.content(scratch, 0, count);
    from.skipBytes(taken);
    watch.credit(taken);
    return true;
  }

  /// Sends the replies, and sees to it that the socket is read if, and only if, there is something
  /// to be done with what comes.
  private void settle() {
    if (hungUp || securing) {
      inbox.clear();
    } else {
      inbox.tidy();
    }
    ChannelFuture sent = outbox.send(context);
    if (securing) {
      securing = false;
      handshake.begin(context);
    }
    if (hungUp && !ending) {
      ending = true;
      Outbox.close(context, sent, hungUpAsked);
    }
    boolean full =
        !hungUp
            && inbox.isFull()
            && (session.wants() == Session.Wants.NOTHING || !context.channel().isWritable());
    if (context.channel().config().isAutoRead() == full) {
      context.channel().config().setAutoRead(!full);
    }
  }
}
