package org.caravanmta.smtp.server;

import java.util.function.Consumer;
import org.caravanmta.policy.Verdict;
import org.jspecify.annotations.Nullable;

/// The verdict on a connection (RFC 5321 §3.1), which is asked for at the greeting and needed at
/// the first RCPT; and the one thing of the session that waits for it, since there is one question
/// at a time.
final class Welcome {
  private @Nullable Verdict verdict;
  private @Nullable Consumer<Verdict> waiting;

  /// Goes on with `then` once there is a verdict.
  void whenDecided(Consumer<Verdict> then) {
    if (verdict == null) {
      waiting = then;
    } else {
      then.accept(verdict);
    }
  }

  void decided(Verdict answer) {
    Consumer<Verdict> next = waiting;
    verdict = answer;
    waiting = null;
    if (next != null) {
      next.accept(answer);
    }
  }

  /// Whether something waits for the verdict.
  boolean awaited() {
    return waiting != null;
  }

  /// What waits is no longer to be done.
  void forget() {
    waiting = null;
  }
}
