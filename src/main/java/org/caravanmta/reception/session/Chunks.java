package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.reception.wire.ChunkDecoder;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// How far a message that comes by BDAT has come (RFC 3030 §2). When one chunk could not be taken,
/// it and those that follow are read and dropped, up to the last or RSET: the client may have sent
/// them already.
final class Chunks {
  private final long sizeLimit;
  private final LineEnds ends;
  private @Nullable ChunkDecoder decoder;
  private boolean failed;
  private long total;
  private long size;
  private boolean last;
  // bytes still to be dropped, and what is said then
  private long dropped;
  private Optional<Reply> refusal = Optional.empty();

  /// @param sizeLimit bytes of a message
  Chunks(long sizeLimit, LineEnds ends) {
    this.sizeLimit = sizeLimit;
    this.ends = ends;
  }

  /// Whether BDAT has begun a message, taken or not.
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

  /// Drops a chunk, and says why when all of it has come.
  void drop(Command.Bdat chunk, Reply why) {
    failed = true;
    decoder = null;
    size = chunk.size();
    last = chunk.last();
    dropped = chunk.size();
    refusal = Optional.of(why);
  }

  /// The refusal of the chunk that is being dropped; absent when none is.
  Optional<Reply> dropping() {
    return refusal;
  }

  /// Drops at most this many more bytes.
  ///
  /// @return how many
  int drop(int available) {
    int count = (int) Math.min(available, dropped);
    dropped -= count;
    return count;
  }

  /// Whether all of a chunk has been dropped.
  boolean hasDropped() {
    return dropped == 0;
  }

  /// The chunk that has been dropped is answered.
  ///
  /// @return whether it was the last, and with it the message is over
  boolean dropped() {
    refusal = Optional.empty();
    if (last) {
      reset();
    }
    return last;
  }

  /// What reads the content of a message that begins.
  ChunkDecoder begin(boolean binary) {
    var begun = new ChunkDecoder(binary, ends);
    decoder = begun;
    return begun;
  }

  /// A chunk is to be taken.
  void take(Command.Bdat chunk) {
    if (decoder == null) {
      throw new IllegalStateException("no message has begun");
    }
    size = chunk.size();
    last = chunk.last();
    total += size;
    decoder.begin(size, last);
  }

  /// Whether the next chunk is to be announced by a command.
  boolean betweenChunks() {
    return decoder != null && decoder.chunkEnded() && !decoder.ended();
  }

  /// Bytes of the present chunk.
  long size() {
    return size;
  }

  /// Bytes of all chunks taken.
  long total() {
    return total;
  }

  /// The message is over, or forgotten.
  void reset() {
    decoder = null;
    failed = false;
    total = 0;
    dropped = 0;
    refusal = Optional.empty();
  }
}
