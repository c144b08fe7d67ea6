package org.caravanmta.queue.spi;

import java.util.function.Consumer;

/// A way for questions to their stages, and for answers back.
public interface QuestionChannel extends AutoCloseable {
  /// The property with the number of a question, on it and on its answer.
  String QUESTION = "question";

  /// The property of a question that names the queue of its answer.
  String REPLY_TO = "replyTo";

  /// On an answer: the stage broke on the question, and why.
  String FAILED = "failed";

  /// On a question: whoever asks wants signs of it. On what comes back: no answer, but a sign that
  /// the stage is at work on the question.
  String UNDER_WAY = "underWay";

  /// Between two signs, in milliseconds; an answer that comes sooner needs none.
  long SIGN = 300;

  /// What the names of reply queues start with.
  String REPLIES = "reply.";

  /// @param question its number, which the answer names
  /// @param end when nobody waits any more, by the machine's clock
  /// @param failed told why the question has not left, if it has not
  void ask(Frame frame, long question, long end, Consumer<String> failed);

  /// Gives up what waits for a connection that does not come.
  default void expire() {}

  @Override
  void close();
}
