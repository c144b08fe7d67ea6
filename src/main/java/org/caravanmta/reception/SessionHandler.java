package org.caravanmta.reception;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
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
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.limits.OpenSession;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.limits.Watch;
import org.caravanmta.reception.limits.Weight;
import org.caravanmta.reception.session.Carrier;
import org.caravanmta.reception.session.Reception;
import org.caravanmta.reception.session.RouteAnswer;
import org.caravanmta.reception.session.RouteQuestion;
import org.caravanmta.reception.session.Security;
import org.caravanmta.reception.session.Service;
import org.caravanmta.reception.session.Session;
import org.caravanmta.reception.wire.Opening;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The handler that connects a {@link Session} to a socket (RFC 5321 §3.1). It gives the session
/// the lines and content that {@link Input} finds in the bytes, collects its replies in an {@link
/// Outbox} so that those to one group of pipelined commands are sent together (RFC 2920 §3.2),
/// passes its questions on to the {@link QuestionCarrier}, which is the next handler, and takes the
/// {@link RouteAnswer} that comes back by {@link #write}. Runs on the channel's event loop.
public final class SessionHandler extends ChannelDuplexHandler implements Carrier, OpenSession {
  private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

  private final Sessions sessions;
  private final Session session;
  private final Handshake handshake;
  private final Watch watch;
  private final Input input;
  private final Outbox outbox = new Outbox();
  private final Parting parting = new Parting();
  private final Turn turn;
  private final Holding holding;
  private final Weight weight;
  private final Opening opening;
  // null until it is in the pipeline
  private @Nullable ChannelHandlerContext context;
  private boolean roomAtStart;

  @SuppressWarnings("this-escape")
  SessionHandler(
      Reception reception, Service service, Security security, Client client, Opening opening) {
    sessions = reception.sessions();
    holding = new Holding(sessions.budget());
    weight = new Weight(holding);
    session = new Session(reception, service, security, client, this);
    handshake = new Handshake(security, client);
    watch = new Watch(session::patience);
    input = new Input(session, watch, sessions.budget());
    turn = new Turn(session, input, outbox, parting, handshake, holding, weight);
    this.opening = opening;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    // the route's handler must know of the channel before it gets a question
    ctx.fireChannelActive();
    boolean room = sessions.enter(this);
    watch.begin(ctx.executor(), () -> work(session::expire));
    if (handshake.comesFirst() && opening != Opening.BAD_HEADER) {
      roomAtStart = room;
      if (room && Security.takeRoom(holding)) {
        handshake.begin(ctx);
      } else {
        // no reply can be given before the handshake
        parting.cut(ctx);
      }
    } else {
      work(() -> session.greet(opening.now(ctx.channel()), room));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent completed -> handshakeOver(ctx, completed);
      case ChannelInputShutdownEvent _ -> parting.inputEnds(ctx, handshake, this::work);
      case SslCloseCompletionEvent closed when closed.isSuccess() ->
          parting.inputEnds(ctx, handshake, this::work);
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  private void handshakeOver(ChannelHandlerContext ctx, SslHandshakeCompletionEvent completed) {
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
              // bytes that arrived with the last message of the handshake are read after this event
              execute(handshake::over);
            },
            () -> parting.cut(ctx));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (parting.begun()) {
      bytes.release();
      return;
    }
    weight.heard();
    input.add(ctx, bytes);
    work();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    work();
    ctx.fireChannelWritabilityChanged();
  }

  /// Takes the answer to a question, which Camel writes to the channel; bytes are passed on to the
  /// socket.
  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof RouteAnswer answer) {
      promise.setSuccess();
      goOn(() -> session.answer(answer.body()));
    } else {
      ctx.write(message, promise);
    }
  }

  /// Takes the answer to a question whose client has gone. From any thread.
  void late(RouteAnswer answer) {
    try {
      execute(() -> session.answer(answer.body()));
    } catch (RejectedExecutionException e) {
      // the process is stopping: content that no queue refers to is removed at the next start
      LOG.debug("an answer that nobody waits for: {}", answer.body());
    }
  }

  /// Ends the session with a reply when its route is stopped, which closes the route's channels.
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (parting.begun()) {
      ctx.close(promise);
      return;
    }
    ctx.channel().closeFuture().addListener(future -> promise.trySuccess());
    work(session::stop);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.end();
    parting.begin(false);
    input.clear();
    outbox.clear();
    session.gone();
    holding.close();
    sessions.exit(this);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      // the connection is broken: a reply would reach nobody
      LOG.debug("connection of {}", ctx.channel(), cause);
      parting.cut(ctx);
    } else {
      work(() -> session.broken(cause));
    }
  }

  @Override
  public void reply(Reply reply) {
    outbox.add(context(), reply);
  }

  @Override
  public void ask(RouteQuestion question) {
    watch.restart();
    context().fireChannelRead(question);
  }

  @Override
  public Holding holding() {
    return holding;
  }

  @Override
  public void secure() {
    turn.secureAfter();
  }

  @Override
  public void hangUp(boolean atOnce) {
    parting.begin(atOnce);
  }

  @Override
  public void execute(Runnable task) {
    context().executor().execute(() -> goOn(task));
  }

  @Override
  public void later(Duration delay, Runnable task) {
    context().executor().schedule(() -> goOn(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("the session is not in a pipeline");
    }
    return context;
  }

  private void goOn(Runnable task) {
    watch.restart();
    work(task);
  }

  @Override
  public void leave() {
    execute(session::leave);
  }

  @Override
  public Weight weight() {
    return weight;
  }

  @Override
  public void displace() {
    execute(session::displace);
  }

  /// Lets the session take what it wants of the bytes that are here.
  private void work() {
    work(() -> {});
  }

  /// Runs `first`, then lets the session take what it wants of the bytes that are here.
  private void work(Runnable first) {
    turn.take(context(), first);
  }
}
