package org.caravanmta.reception;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.caravanmta.message.Printable;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// The replies of a session that have not gone out: those to one group of pipelined commands leave
/// together (RFC 2920 §3.2).
final class Outbox {
  /// How many times its bytes a reply takes that a connection has taken over, at most.
  private static final int ROOMY = 4;

  private static final int MOST = 1 << 30;

  private @Nullable ByteBuf bytes;

  void add(ChannelHandlerContext context, Reply reply) {
    if (bytes == null) {
      bytes = context.alloc().buffer(256);
    }
    bytes.writeCharSequence(written(reply), StandardCharsets.US_ASCII);
  }

  /// A reply as it goes out: printable ASCII, lines of at most 510 bytes without their end (RFC
  /// 5321 §4.5.3.1.5).
  private static String written(Reply reply) {
    String mark = reply.status().map(status -> status + " ").orElse("");
    int room = 510 - 4 - mark.length();
    List<String> lines =
        reply.lines().stream()
            .map(Printable::ascii)
            .map(line -> line.length() > room ? line.substring(0, room) : line)
            .toList();
    return new Reply(reply.code(), reply.status(), lines).onTheWire();
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

  /// About how many bytes of memory the replies take that have not gone out, those among them that
  /// the connection has taken over.
  int room(ChannelHandlerContext context) {
    ChannelOutboundBuffer taken = context.channel().unsafe().outboundBuffer();
    long pending = taken == null ? 0 : taken.totalPendingWriteBytes();
    // a short reply takes a buffer many times its size
    return (bytes == null ? 0 : bytes.capacity()) + (int) Math.min(ROOMY * pending, MOST);
  }
}
