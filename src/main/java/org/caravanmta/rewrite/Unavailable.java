package org.caravanmta.rewrite;

import java.util.function.UnaryOperator;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// What an address becomes cannot be told now: a table cannot be asked, or says what is not an
/// address.
final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Reply LOOKUP = Reply.of(451, "4.3.0", "Temporary lookup failure");

  /// Takes a step, and has the client come again when it cannot be taken now.
  static Case deferred(Case.Message message, UnaryOperator<Case.Message> step) {
    try {
      return step.apply(message);
    } catch (Unavailable e) {
      Events.tell(new StageEvent.NotRewritten(message.mail().id(), e.why()));
      return message.decided(new Verdict.Defer(LOOKUP));
    }
  }

  Unavailable(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
