package org.caravanmta.queue.spi;

import org.jspecify.annotations.Nullable;

/// Is told what comes back over a {@link QuestionChannel}.
public interface AnswerListener {
  /// An answer has come.
  ///
  /// @param failed why it is not one: what the stage broke on; null if it is one
  void answered(long question, byte[] body, @Nullable String failed);

  /// The stage is at work on a question.
  default void underWay(long question) {}

  /// No answer will come over this channel to what it has asked.
  void lost(QuestionChannel channel, String why);
}
