package org.caravanmta.queue.camel;

/// What the asker takes for the answer when its question got none: the option `unanswered` of an
/// `InOut` step.
@FunctionalInterface
public interface Unanswered {
  /// @param question the body that was to be answered
  /// @param why one line: no answer within 10s, or what the stage said
  Object answer(Object question, String why);
}
