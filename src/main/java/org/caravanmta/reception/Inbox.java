package org.caravanmta.reception;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/// What a client has sent and nobody has read yet (RFC 2920 §3.1): a line without its end, or
/// commands sent ahead.
final class Inbox {
  /// Bytes a client may send ahead while it is not listened to; past them the socket is not read.
  static final int AHEAD = 16 * 1024;

  /// How many times the bytes that wait may be the room kept for them.
  private static final int ROOMY = 4;

  private @Nullable ByteBuf bytes;

  void add(ChannelHandlerContext context, ByteBuf more) {
    bytes =
        bytes == null
            ? more
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), bytes, more);
  }

  boolean isEmpty() {
    return bytes == null || !bytes.isReadable();
  }

  boolean isFull() {
    return bytes != null && bytes.readableBytes() >= AHEAD;
  }

  /// Bytes of memory that they take.
  int room() {
    return bytes == null ? 0 : bytes.capacity();
  }

  /// The bytes, to be read from; only while it is not empty.
  ByteBuf bytes() {
    if (bytes == null) {
      throw new IllegalStateException("nothing has come");
    }
    return bytes;
  }

  /// Keeps no more room than the bytes need, if what they arrived in is much more: a client that
  /// stops in the middle of a line may never go on.
  void tidy() {
    if (bytes == null) {
      return;
    }
    int length = bytes.readableBytes();
    if (length == 0) {
      clear();
    } else if (bytes.capacity() > ROOMY * length) {
      ByteBuf roomy = bytes;
      try {
        bytes = roomy.alloc().heapBuffer(length).writeBytes(roomy);
      } finally {
        roomy.release();
      }
    }
  }

  void clear() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }
}
