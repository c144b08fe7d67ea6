package org.caravanmta.delivery.mailbox;

import java.time.Duration;
import org.caravanmta.config.Require;
import org.caravanmta.config.Size;

/// The section `mailboxes`: how mailboxes are written, whoever owns them.
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
    Require.positive("lock-pause", lockPause);
    Require.positive("lock-stale", lockStale);
  }
}
