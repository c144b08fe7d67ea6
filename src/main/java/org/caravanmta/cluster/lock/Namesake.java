package org.caravanmta.cluster.lock;

import java.time.Duration;
import java.util.OptionalLong;

/// Another process that has the lock on the journal of the node of this name: one that has died
/// writes no more, and its session ends; one that still writes after that lives.
final class Namesake {
  private final String name;
  private final long session;
  private OptionalLong first = OptionalLong.empty();

  /// @param session how long one may last
  Namesake(String name, Duration session) {
    this.name = name;
    this.session = session.toNanos();
  }

  /// @throws NameInUse if it lives
  void look(JournalLock.Attempt.HeldBy held) throws NameInUse {
    if (!held.holder().node().equals(name)) {
      // takes the journal over, and gives it back
      first = OptionalLong.empty();
      return;
    }
    if (first.isEmpty()) {
      first = OptionalLong.of(held.since());
    } else if (held.since() - first.getAsLong() > session) {
      throw new NameInUse(held.holder());
    }
  }
}
