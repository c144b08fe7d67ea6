package org.caravanmta.state;

/// What the stages remember of what is not on a queue.
///
/// @param triplets of the greylist
/// @param quarantine what lies in the quarantine
public record Memory(Triplets triplets, QuarantineIndex quarantine) {
  /// Of a server that is only checked.
  public static final Memory NONE = new Memory(NobodySeen.HERE, QuarantineIndex.NONE);
}
