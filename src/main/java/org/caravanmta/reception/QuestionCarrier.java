package org.caravanmta.reception;

import io.netty.channel.ChannelHandlerContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.handlers.ServerChannelHandler;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.SessionKeep;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.session.RouteAnswer;
import org.caravanmta.reception.session.RouteQuestion;
import org.jspecify.annotations.Nullable;

/// The handler that puts a session's questions to the route (RFC 5321 §3.3), on a virtual thread
/// for each question, and writes the answer back to the channel.
///
/// When the client goes, the route is stopped after the step it is at: the client gets no 250 and
/// will send the message again, so it should not be queued now if that can still be avoided.
final class QuestionCarrier extends ServerChannelHandler {
  /// The exchange property that has the memory which the question takes.
  private static final String HOLDING = "CaravanHolding";

  private final SessionKeep keep = new SessionKeep();
  private final SessionHandler session;
  private final boolean delayed;
  private volatile boolean gone;
  // the exchange that is on its way along the route; null when none is
  private volatile @Nullable Exchange asked;

  /// @param delayed whether refusals wait until there is a recipient (postfix `smtpd_delay_reject`)
  QuestionCarrier(NettyConsumer route, SessionHandler session, boolean delayed) {
    super(route);
    this.delayed = delayed;
    this.session = session;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    gone = true;
    stop(asked);
    if (!keep.isEmpty()) {
      // what it keeps may have to take leave of a content filter
      Thread.ofVirtual().name("session end").start(keep::close);
    }
    super.channelInactive(context);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Object message) {
    var question = (RouteQuestion) message;
    Thread.ofVirtual()
        .name("reception")
        .start(
            () -> {
              try {
                super.channelRead0(context, question);
              } catch (Exception e) {
                question.holding().close();
                context.channel().writeAndFlush(new RouteAnswer(e));
              }
            });
  }

  @Override
  protected void beforeProcess(Exchange exchange, ChannelHandlerContext context, Object body) {
    var question = (RouteQuestion) body;
    Case about = question.question();
    Message message = exchange.getMessage();
    message.setBody(about);
    exchange.setProperty(HOLDING, question.holding());
    exchange.setProperty(SessionKeep.PROPERTY, keep);
    message.setHeader("stage", about.stage());
    // for conditions in the route: a header is cheaper to read than a part of the body
    message.setHeader("delayed", delayed);
    message.setHeader("own", about.client().own());
    message.setHeader("trusted", about.client().trusted());
    message.setHeader("listener", about.client().listener());
    this.asked = exchange;
    if (gone) {
      stop(exchange);
    }
  }

  @Override
  protected Object getResponseBody(Exchange exchange) throws Exception {
    Object body = super.getResponseBody(exchange);
    var answer =
        new RouteAnswer(
            body == null ? new IllegalStateException("the route answers with nothing") : body);
    asked = null;
    exchange.getProperty(HOLDING, Holding.class).close();
    if (gone) {
      // what is written to a closed channel does not reach the session
      session.late(answer);
    }
    return answer;
  }

  private static void stop(@Nullable Exchange exchange) {
    if (exchange != null) {
      exchange.setRouteStop(true);
    }
  }
}
