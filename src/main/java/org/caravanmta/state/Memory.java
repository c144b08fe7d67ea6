package org.caravanmta.state;

import java.util.Optional;

/// What the stages remember of what is not on a queue.
///
/// @param triplets of the greylist
/// @param quarantine what lies in the quarantine
/// @param digests what has been told of it; absent where nothing runs
/// @param blocks senders that are blocked
public record Memory(
    Triplets triplets,
    QuarantineIndex quarantine,
    Optional<DigestMemory> digests,
    SenderBlocks blocks) {
  /// Of a server that is only checked.
  public static final Memory NONE =
      new Memory(NobodySeen.HERE, QuarantineIndex.NONE, Optional.empty(), SenderBlocks.NONE);
}
