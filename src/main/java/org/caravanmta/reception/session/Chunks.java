package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.reception.wire.ChunkDecoder;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// The chunks of a message that comes by BDAT (RFC 3030 §2): which have come, and what is to be
/// done with the next. When a chunk cannot be taken, it and those after it are read and dropped, up
/// to the last one or RSET, since the client may have sent them already.
final class Chunks {
  private final long sizeLimit;
  private final LineEnds ends;
  private @Nullable ChunkDecoder decoder;
  // whether a chunk of this message has been refused
  private boolean failed;
  // bytes of the chunks taken, and of the present chunk
  private long total;
  private long size;
  private boolean last;
  // bytes of the present chunk still to be dropped, and the reply after them
  private long toDrop;
  private Optional<Reply> refusal = Optional.empty();

  /// @param sizeLimit the most bytes of a message
  Chunks(long sizeLimit, LineEnds ends) {
    this.sizeLimit = sizeLimit;
    this.ends = ends;
  }

  /// Whether a message has begun with BDAT, be it taken or refused.
  boolean begun() {
    return failed || decoder != null;
  }

  /// Why a chunk cannot be taken; absent when it can.
  Optional<Reply> refusal(Command.Bdat chunk, Optional<MailTransaction> transaction) {
    if (failed) {
      return Optional.of(Replies.discarded(chunk.size()));
    }
    if (chunk.size() == 0 && !chunk.last()) {
      return Optional.of(Replies.NULL_BDAT);
    }
    Optional<Reply> missing = CommandOrder.missing(transaction);
    if (missing.isPresent()) {
      return missing;
    }
    return chunk.size() > sizeLimit - total ? Optional.of(Replies.CHUNK_TOO_BIG) : Optional.empty();
  }

  /// Begins to drop a chunk.
  ///
  /// @param why the reply once all of it has been dropped
  void beginDropping(Command.Bdat chunk, Reply why) {
    failed = true;
    decoder = null;
    size = chunk.size();
    last = chunk.last();
    toDrop = chunk.size();
    refusal = Optional.of(why);
  }

  /// The refusal of the chunk that is being dropped; absent when none is being dropped.
  Optional<Reply> dropping() {
    return refusal;
  }

  /// Drops bytes of the chunk.
  ///
  /// @return how many: `available`, or fewer when the chunk ends before
  int drop(int available) {
    int count = (int) Math.min(available, toDrop);
    toDrop -= count;
    return count;
  }

  /// Whether all of the chunk has been dropped.
  boolean allDropped() {
    return toDrop == 0;
  }

  /// Ends the dropping of a chunk, once it is to be replied to.
  ///
  /// @return whether it was the last chunk, which ends the message
  boolean endDropping() {
    refusal = Optional.empty();
    if (last) {
      reset();
    }
    return last;
  }

  /// Begins a message.
  ///
  /// @param binary whether its content need not consist of lines (RFC 3030 §3)
  /// @return the decoder of its content
  ChunkDecoder begin(boolean binary) {
    var begun = new ChunkDecoder(binary, ends);
    decoder = begun;
    return begun;
  }

  /// Begins to take a chunk.
  ///
  /// @throws IllegalStateException when no message has begun
  void take(Command.Bdat chunk) {
    if (decoder == null) {
      throw new IllegalStateException("no message has begun");
    }
    size = chunk.size();
    last = chunk.last();
    total += size;
    decoder.begin(size, last);
  }

  /// Whether a chunk has come to its end and is not the last, so that a command comes next.
  boolean betweenChunks() {
    return decoder != null && decoder.chunkEnded() && !decoder.ended();
  }

  /// Bytes of the present chunk.
  long size() {
    return size;
  }

  /// Bytes of all chunks taken so far.
  long total() {
    return total;
  }

  /// Makes ready for the next message.
  void reset() {
    decoder = null;
    failed = false;
    total = 0;
    toDrop = 0;
    refusal = Optional.empty();
  }
}
