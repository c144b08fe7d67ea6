package org.caravanmta.filter.contract;

/// A content filter that follows the dialogue step by step, in any number of sessions at a time.
public interface DialogueFilter extends AutoCloseable {
  /// Begins to follow a session; waits for nothing.
  Follower follow();

  /// Begins to follow a session that is over, for whose answers nobody waits: a server that is just
  /// being tried again is waited for.
  default Follower followLater() {
    return follow();
  }

  /// A server that has failed again and again, and is left alone for a while, may be tried at once.
  default void revive() {}

  /// Gives up what it keeps between sessions.
  @Override
  default void close() {}
}
