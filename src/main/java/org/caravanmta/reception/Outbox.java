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

/// The replies of a session that have not been sent yet: those to one group of pipelined commands
/// are sent together (RFC 2920 §3.2).
final class Outbox {
  /// How many bytes of memory one byte of a reply takes at most while it waits in the connection:
  /// buffers are larger than what is in them.
  private static final int PER_BYTE = 4;

  /// An upper bound for the estimate, so that it stays an `int`.
  private static final int MOST = 1 << 30;

  /// The longest reply line without its CRLF: 512 bytes with it (RFC 5321 §4.5.3.1.5).
  private static final int LINE = 510;

  /// The bytes before the text of a reply line: the code, and a space or hyphen.
  private static final int CODE = 4;

  private @Nullable ByteBuf bytes;

  void add(ChannelHandlerContext context, Reply reply) {
    if (bytes == null) {
      bytes = context.alloc().buffer(256);
    }
    bytes.writeCharSequence(written(reply), StandardCharsets.US_ASCII);
  }

  /// A reply as it is sent: in printable ASCII, each line cut to {@link #LINE} bytes.
  private static String written(Reply reply) {
    String status = reply.status().map(text -> text + " ").orElse("");
    int room = LINE - CODE - status.length();
    List<String> lines =
        reply.lines().stream()
            .map(Printable::ascii)
            .map(line -> line.length() > room ? line.substring(0, room) : line)
            .toList();
    return new Reply(reply.code(), reply.status(), lines).onTheWire();
  }

  /// Whether so many bytes wait that they should be sent before the rest of the group is answered.
  boolean isFull() {
    return bytes != null && bytes.readableBytes() >= Inbox.AHEAD;
  }

  /// Gives all replies to the connection.
  ///
  /// @return done when they have been sent; at once when there are none
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

  /// About how many bytes of memory the replies take until they are sent, those included that wait
  /// in the connection.
  int room(ChannelHandlerContext context) {
    ChannelOutboundBuffer connection = context.channel().unsafe().outboundBuffer();
    long pending = connection == null ? 0 : connection.totalPendingWriteBytes();
    return (bytes == null ? 0 : bytes.capacity()) + (int) Math.min(PER_BYTE * pending, MOST);
  }
}
