package org.caravanmta.filter.contract;

/// A content filter that follows the dialogue step by step, in any number of sessions at a time.
@FunctionalInterface
public interface DialogueFilter {
  /// Begins to follow a session; waits for nothing.
  Follower follow();
}
