package org.caravanmta.reception;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/// The bytes that a client has sent and the session has not taken yet (RFC 2920 §3.1): a line
/// without its end, or commands sent ahead.
final class Inbox {
  /// Bytes that a client may send ahead while the session takes none; with as many or more waiting
  /// the socket is not read.
  static final int AHEAD = 16 * 1024;

  /// How many times larger than its content the buffer may be before {@link #tidy} replaces it.
  private static final int ROOMY = 4;

  private @Nullable ByteBuf bytes;

  /// Adds `more`, which is released here.
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

  /// The memory that the buffer takes, in bytes.
  int room() {
    return bytes == null ? 0 : bytes.capacity();
  }

  /// The buffer to read from.
  ///
  /// @throws IllegalStateException when there is none; ask {@link #isEmpty} first
  ByteBuf bytes() {
    if (bytes == null) {
      throw new IllegalStateException("nothing has come");
    }
    return bytes;
  }

  /// Moves the bytes into a buffer of their size when theirs is much larger: a client that stops in
  /// the middle of a line may never go on.
  void tidy() {
    if (bytes == null) {
      return;
    }
    int length = bytes.readableBytes();
    if (length == 0) {
      clear();
    } else if (bytes.capacity() > ROOMY * length) {
      ByteBuf large = bytes;
      try {
        bytes = large.alloc().heapBuffer(length).writeBytes(large);
      } finally {
        large.release();
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
