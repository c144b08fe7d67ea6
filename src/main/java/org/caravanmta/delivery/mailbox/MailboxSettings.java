package org.caravanmta.delivery.mailbox;

import java.time.Duration;
import org.caravanmta.config.Size;

/// The section `mailboxes`: how mailboxes are written, whosever they are.
public record MailboxSettings(
    boolean lockFile,
    int lockAttempts,
    Duration lockPause,
    Duration lockStale,
    Size sizeLimit,
    boolean strictOwner) {
  public MailboxSettings {
    if (lockAttempts < 1) {
      throw new IllegalArgumentException("lock-attempts must be at least 1, was " + lockAttempts);
    }
    if (!lockPause.isPositive() || !lockStale.isPositive()) {
      throw new IllegalArgumentException("lock-pause and lock-stale must be longer than 0s");
    }
  }
}
