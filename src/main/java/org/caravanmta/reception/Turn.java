package org.caravanmta.reception;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.limits.Weight;
import org.caravanmta.reception.session.Session;

/// A turn of a session: it gets all that it wants of the bytes that are there, then its replies
/// leave together (RFC 2920 §3.2), the memory it takes is counted, and the socket is read on, or is
/// not. On the channel's event loop.
final class Turn {
  private final Session session;
  private final Input input;
  private final Outbox outbox;
  private final Parting parting;
  private final Handshake handshake;
  private final Holding holding;
  private final Weight weight;
  private boolean working;
  private boolean securing;
  // nothing that is here can be taken without more
  private boolean starved;

  Turn(
      Session session,
      Input input,
      Outbox outbox,
      Parting parting,
      Handshake handshake,
      Holding holding,
      Weight weight) {
    this.session = session;
    this.input = input;
    this.outbox = outbox;
    this.parting = parting;
    this.handshake = handshake;
    this.holding = holding;
    this.weight = weight;
  }

  /// The TLS handshake begins when the replies of this turn have left; what the client has sent
  /// before it counts for nothing (RFC 3207 §4.2).
  void secureAfter() {
    securing = true;
  }

  /// Does `first`, then all that the session wants. Within a turn it does `first` alone: the turn
  /// goes on after it.
  void take(ChannelHandlerContext context, Runnable first) {
    if (working) {
      first.run();
      return;
    }
    working = true;
    try {
      first.run();
      starved = input.take(() -> isHeard(context));
    } catch (RuntimeException e) {
      session.broken(e);
    } finally {
      working = false;
    }
    settle(context);
  }

  /// Whether the client is listened to: the session is on, and it reads our replies.
  private boolean isHeard(ChannelHandlerContext context) {
    if (parting.begun()) {
      return false;
    }
    if (outbox.isFull()) {
      outbox.send(context);
    }
    return context.channel().isWritable();
  }

  /// Sends the replies, and sees to it that the socket is read if, and only if, there is something
  /// to be done with what comes.
  private void settle(ChannelHandlerContext context) {
    if (starved && !handshake.underWay()) {
      parting.starved();
    }
    if (parting.begun() || securing) {
      input.clear();
    } else {
      input.tidy();
    }
    ChannelFuture sent = outbox.send(context);
    if (securing) {
      securing = false;
      handshake.begin(context);
    }
    parting.settle(context, sent);
    holding.count(Holding.What.INPUT, input.room());
    holding.count(Holding.What.REPLIES, outbox.room(context));
    weight.owing(session.replyDue());
    boolean full =
        !parting.begun()
            && input.isFull()
            && (session.wants() == Session.Wants.NOTHING || !context.channel().isWritable());
    if (context.channel().config().isAutoRead() == full) {
      context.channel().config().setAutoRead(!full);
    }
  }
}
