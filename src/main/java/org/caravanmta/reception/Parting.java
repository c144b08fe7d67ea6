package org.caravanmta.reception;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How the connection of a session comes to its end (RFC 5321 §3.8): we close it after our last
/// reply, or the client ends its side first and then waits for the replies to what it has sent (RFC
/// 9293 §3.6, RFC 8446 §6.1).
final class Parting {
  /// How long a connection that we close stays half open, so that what the client is still sending
  /// does not make its system drop our last reply.
  private static final int LINGER_SECONDS = 2;

  /// How long a client that wants nothing more may take to read what it is still owed.
  private static final int LAST_REPLIES_SECONDS = 10;

  /// By when the computing of a handshake is done for what has come of it.
  private static final int COMPUTED_SECONDS = 2;

  private boolean begun;
  private boolean asked;
  private boolean inputEnded;
  private @Nullable ChannelFuture lastSent;

  /// Whether nothing is heard any more.
  boolean begun() {
    return begun;
  }

  /// Nothing is heard any more, and what has been said is the last.
  ///
  /// @param byClient whether the client itself wants it
  void begin(boolean byClient) {
    begun = true;
    asked = byClient;
  }

  /// Nobody is there any more.
  void cut(ChannelHandlerContext context) {
    begun = true;
    context.close();
  }

  /// The client has ended its side.
  ///
  /// @param goOn answers what is here
  void inputEnds(ChannelHandlerContext context, Handshake handshake, Runnable goOn) {
    inputEnded = true;
    if (lastSent != null) {
      lastSent.addListener(ChannelFutureListener.CLOSE);
    } else if (Handshake.isOver(context)) {
      context.close();
    } else if (handshake.underWay()) {
      // all of it may be here and only need computing; what is missing will not come
      context
          .executor()
          .schedule(() -> cutIn(context, handshake), COMPUTED_SECONDS, TimeUnit.SECONDS);
    } else {
      goOn.run();
    }
  }

  private void cutIn(ChannelHandlerContext context, Handshake handshake) {
    if (handshake.underWay()) {
      cut(context);
    }
  }

  /// More than has come is needed to go on.
  void starved() {
    if (inputEnded && !begun) {
      begin(true);
    }
  }

  /// Closes the connection when the last replies have gone out, if it is time for that.
  void settle(ChannelHandlerContext context, ChannelFuture sent) {
    if (!begun || lastSent != null) {
      return;
    }
    lastSent = sent;
    if (asked) {
      sent.addListener(ChannelFutureListener.CLOSE);
    } else if (context.channel() instanceof SocketChannel socket) {
      sent.addListener(
          future -> Handshake.farewell(context).addListener(bye -> socket.shutdownOutput()));
    }
    if (!asked || !sent.isDone()) {
      int seconds = asked ? LAST_REPLIES_SECONDS : LINGER_SECONDS;
      context.executor().schedule(() -> context.close(), seconds, TimeUnit.SECONDS);
    }
  }
}
