package org.caravanmta.reception;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The end of a session's connection (RFC 5321 §3.8): either we close it after our last reply, or
/// the client ends its side first and then waits for the replies to what it has sent (RFC 9293
/// §3.6, RFC 8446 §6.1).
final class Parting {
  /// Seconds for which a connection that we end stays half open. If it were closed while the client
  /// is still sending, a reset would make the client's system drop our last reply.
  private static final int LINGER_SECONDS = 2;

  /// Seconds that a client that will send nothing more may take to read our last replies.
  private static final int LAST_REPLIES_SECONDS = 10;

  /// Seconds after which a TLS handshake has been computed from the bytes that are here, if they
  /// are all of it.
  private static final int COMPUTED_SECONDS = 2;

  private boolean begun;
  private boolean atOnce;
  private boolean inputEnded;
  private @Nullable ChannelFuture lastSent;

  /// Whether nothing more is read from the client.
  boolean begun() {
    return begun;
  }

  /// Ends the dialogue: nothing more is read, and the replies given so far are the last.
  ///
  /// @param closedAtOnce whether the connection is closed as soon as they have been sent; if not,
  ///   it stays half open for {@link #LINGER_SECONDS}
  void begin(boolean closedAtOnce) {
    begun = true;
    atOnce = closedAtOnce;
  }

  /// Closes the connection now, without a word: the client has gone, or cannot be spoken to.
  void cut(ChannelHandlerContext context) {
    begun = true;
    context.close();
  }

  /// Takes note that the client has ended its side of the connection.
  ///
  /// @param goOn lets the session take what has been received and not yet been read
  void inputEnds(ChannelHandlerContext context, Handshake handshake, Runnable goOn) {
    inputEnded = true;
    if (lastSent != null) {
      lastSent.addListener(ChannelFutureListener.CLOSE);
    } else if (Handshake.isOver(context)) {
      context.close();
    } else if (handshake.underWay()) {
      // all of its bytes may be here and only need computing; bytes that are missing will not come
      context
          .executor()
          .schedule(() -> cutIfUnderWay(context, handshake), COMPUTED_SECONDS, TimeUnit.SECONDS);
    } else {
      goOn.run();
    }
  }

  private void cutIfUnderWay(ChannelHandlerContext context, Handshake handshake) {
    if (handshake.underWay()) {
      cut(context);
    }
  }

  /// Takes note that the session needs more bytes to go on: if the client has ended its side, that
  /// is the end of the dialogue.
  void starved() {
    if (inputEnded && !begun) {
      begin(true);
    }
  }

  /// Closes the connection once the last replies have been sent, if the dialogue has ended.
  ///
  /// @param sent done when they have been sent
  void settle(ChannelHandlerContext context, ChannelFuture sent) {
    if (!begun || lastSent != null) {
      return;
    }
    lastSent = sent;
    if (atOnce) {
      sent.addListener(ChannelFutureListener.CLOSE);
    } else if (context.channel() instanceof SocketChannel socket) {
      sent.addListener(
          future -> Handshake.farewell(context).addListener(bye -> socket.shutdownOutput()));
    }
    if (!atOnce || !sent.isDone()) {
      int seconds = atOnce ? LAST_REPLIES_SECONDS : LINGER_SECONDS;
      context.executor().schedule(() -> context.close(), seconds, TimeUnit.SECONDS);
    }
  }
}
