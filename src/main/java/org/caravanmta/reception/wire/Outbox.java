package org.caravanmta.reception.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.charset.StandardCharsets;
import org.caravanmta.reception.session.Replies;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// The replies of a session that have not gone out: those to one group of pipelined commands leave
/// together (RFC 2920 §3.2).
public final class Outbox {
  /// How many times its bytes a reply takes that a connection has taken over, at most.
  private static final int ROOMY = 4;

  private static final int MOST = 1 << 30;

  private @Nullable ByteBuf bytes;

  public void add(ChannelHandlerContext context, Reply reply) {
    if (bytes == null) {
      bytes = context.alloc().buffer(256);
    }
    bytes.writeCharSequence(Replies.onTheWire(reply), StandardCharsets.US_ASCII);
  }

  /// Whether so much waits that it should go out before the group is answered.
  public boolean isFull() {
    return bytes != null && bytes.readableBytes() >= Inbox.AHEAD;
  }

  public ChannelFuture send(ChannelHandlerContext context) {
    ByteBuf replies = bytes;
    bytes = null;
    return replies == null ? context.newSucceededFuture() : context.writeAndFlush(replies);
  }

  public void clear() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }

  /// About how many bytes of memory the replies take that have not gone out, those among them that
  /// the connection has taken over.
  public int room(ChannelHandlerContext context) {
    ChannelOutboundBuffer taken = context.channel().unsafe().outboundBuffer();
    long pending = taken == null ? 0 : taken.totalPendingWriteBytes();
    // a short reply takes a buffer many times its size
    return (bytes == null ? 0 : bytes.capacity()) + (int) Math.min(ROOMY * pending, MOST);
  }
}
