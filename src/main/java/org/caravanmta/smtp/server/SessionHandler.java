package org.caravanmta.smtp.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries a {@link Session} on a socket (RFC 5321 §3.1): cuts what comes in into lines and data,
/// collects replies so that those to one group of pipelined commands leave together (RFC 2920
/// §3.2), passes questions on to the next handler, and takes whatever is written to the channel
/// that is not bytes as the answer. Runs on the channel's event loop.
final class SessionHandler extends ChannelDuplexHandler implements Carrier {
  private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

  private final Sessions sessions;
  private final Session session;
  private final Handshake handshake;
  private final Watch watch;
  private final Input input;
  private final Outbox outbox = new Outbox();
  private final Opening opening;
  // from the time it is in the pipeline
  private ChannelHandlerContext context;
  private boolean working;
  private boolean hungUp;
  private boolean hungUpAsked;
  private boolean ending;
  private boolean securing;
  private boolean shakingHands;
  // the client sends no more, though it may be reading
  private boolean inputEnded;
  // nothing that is here can be taken without more
  private boolean starved;
  private @Nullable ChannelFuture lastSent;
  private boolean roomAtStart;

  @SuppressWarnings("this-escape")
  SessionHandler(
      Reception reception, Service service, Security security, Client client, Opening opening) {
    sessions = reception.sessions();
    session = new Session(reception, service, security, client, this);
    handshake = new Handshake(security, client);
    watch = new Watch(session::patience);
    input = new Input(session, watch);
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
      shakingHands = true;
      handshake.begin(ctx);
    } else {
      work(() -> session.greet(opening.asFound(ctx.channel()), room));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent completed -> shaken(ctx, completed);
      case ChannelInputShutdownEvent _ -> inputEnded(ctx);
      case SslCloseCompletionEvent bye when bye.isSuccess() -> inputEnded(ctx);
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  private void shaken(ChannelHandlerContext ctx, SslHandshakeCompletionEvent completed) {
    watch.restart();
    handshake
        .secured(ctx, completed)
        .ifPresentOrElse(
            agreed -> {
              work(
                  () -> {
                    session.secured(agreed);
                    if (handshake.comesFirst()) {
                      session.greet(opening, roomAtStart);
                    }
                  });
              // what came with the end of the handshake is read behind this event
              execute(() -> shakingHands = false);
            },
            () -> {
              hungUp = true;
              ctx.close();
            });
  }

  /// The client has ended its side of the connection, and may wait for the replies to what it has
  /// sent before (RFC 9293 §3.6, RFC 8446 §6.1). The session ends when all of that is answered and
  /// more would be needed.
  private void inputEnded(ChannelHandlerContext ctx) {
    inputEnded = true;
    if (lastSent != null) {
      lastSent.addListener(ChannelFutureListener.CLOSE);
    } else if (Handshake.isOver(ctx)) {
      ctx.close();
    } else {
      work(() -> {});
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (hungUp) {
      bytes.release();
      return;
    }
    input.add(ctx, bytes);
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

  /// Takes the answer to a question whose client has gone; from any thread.
  void late(Object answer) {
    try {
      execute(() -> session.answer(answer));
    } catch (RejectedExecutionException e) {
      // the process is stopping: content that nobody refers to is swept at its next start
      LOG.debug("an answer that nobody waits for: {}", answer);
    }
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
    input.clear();
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
      starved = input.take(this::isHeard);
    } catch (RuntimeException e) {
      session.broken(e);
    } finally {
      working = false;
    }
    settle();
  }

  /// Whether the client is listened to: the session is on, and it reads our replies.
  private boolean isHeard() {
    if (hungUp) {
      return false;
    }
    if (outbox.isFull()) {
      outbox.send(context);
    }
    return context.channel().isWritable();
  }

  /// Sends the replies, and sees to it that the socket is read if, and only if, there is something
  /// to be done with what comes.
  private void settle() {
    if (inputEnded && starved && !shakingHands && !hungUp) {
      hangUp(true);
    }
    if (hungUp || securing) {
      input.clear();
    } else {
      input.tidy();
    }
    ChannelFuture sent = outbox.send(context);
    if (securing) {
      securing = false;
      shakingHands = true;
      handshake.begin(context);
    }
    if (hungUp && !ending) {
      ending = true;
      lastSent = sent;
      Outbox.close(context, sent, hungUpAsked);
    }
    boolean full =
        !hungUp
            && input.isFull()
            && (session.wants() == Session.Wants.NOTHING || !context.channel().isWritable());
    if (context.channel().config().isAutoRead() == full) {
      context.channel().config().setAutoRead(!full);
    }
  }
}
