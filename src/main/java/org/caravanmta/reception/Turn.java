package org.caravanmta.reception;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.limits.Weight;
import org.caravanmta.reception.session.Session;

/// A turn of a session on the channel's event loop: the session takes what it wants of the bytes
/// that are here, then its replies are sent together (RFC 2920 §3.2), the memory it holds is
/// counted, and reading from the socket goes on or stops.
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
  // the session wants more than is here
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

  /// Begins the TLS handshake after the replies of this turn; what the client has sent ahead in the
  /// clear is thrown away (RFC 3207 §4.2).
  void secureAfter() {
    securing = true;
  }

  /// Runs `first`, then the rest of the turn. When a turn is under way already, runs `first` alone:
  /// that turn goes on afterwards.
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

  /// Whether the session may have more from the client: the dialogue has not ended, and the client
  /// reads our replies.
  private boolean isHeard(ChannelHandlerContext context) {
    if (parting.begun()) {
      return false;
    }
    if (outbox.isFull()) {
      outbox.send(context);
    }
    return context.channel().isWritable();
  }

  /// Sends the replies, counts the memory, and stops reading from the socket while enough bytes
  /// wait that the session cannot take now.
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
