package org.caravanmta;

import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.queue.spi.QueueFull;
import org.caravanmta.smtp.Reply;

/// What a client is told when a question broke on its way: never a 5yz, for the fault is ours.
final class BrokenQuestion {
  private static final Reply LATER = Reply.of(451, "4.3.0", "Temporary failure, try again later");
  private static final Reply FULL = Reply.of(452, "4.3.1", "Insufficient system storage");

  private BrokenQuestion() {}

  static Reply reply(Throwable why) {
    return why instanceof QueueFull ? FULL : LATER;
  }

  /// The question, answered that it is to be asked later.
  static Object deferred(Object question) {
    return question instanceof Case open ? open.decided(new Verdict.Defer(LATER)) : question;
  }
}
