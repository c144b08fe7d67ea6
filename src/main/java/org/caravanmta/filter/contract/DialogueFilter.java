package org.caravanmta.filter.contract;

/// A content filter that follows the dialogue step by step, in any number of sessions at a time.
public interface DialogueFilter extends AutoCloseable {
  /// Begins to follow a session; waits for nothing.
  Follower follow();

  /// Gives up what it keeps between sessions.
  @Override
  default void close() {}
}
