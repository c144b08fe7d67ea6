package org.caravanmta.smtp.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// The replies of a session that have not gone out: those to one group of pipelined commands leave
/// together (RFC 2920 §3.2).
final class Outbox {
  /// How long a connection that we close stays half open, so that what the client is still sending
  /// does not make its system drop our last reply.
  private static final int LINGER_SECONDS = 2;

  /// How long a client that wants nothing more may take to read what it is still owed.
  private static final int LAST_REPLIES_SECONDS = 10;

  private @Nullable ByteBuf bytes;

  void add(ChannelHandlerContext context, Reply reply) {
    if (bytes == null) {
      bytes = context.alloc().buffer(256);
    }
    bytes.writeCharSequence(Replies.onTheWire(reply), StandardCharsets.US_ASCII);
  }

  /// Whether so much waits that it should go out before the group is answered.
  boolean isFull() {
    return bytes != null && bytes.readableBytes() >= Inbox.AHEAD;
  }

  ChannelFuture send(ChannelHandlerContext context) {
    ByteBuf replies = bytes;
    bytes = null;
    return replies == null ? context.newSucceededFuture() : context.writeAndFlush(replies);
  }

  void clear() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }

  /// Closes the connection when the last replies have gone out.
  ///
  /// @param asked whether the client itself wants it
  static void close(ChannelHandlerContext context, ChannelFuture sent, boolean asked) {
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
