package org.caravanmta.delivery.mailbox;

import java.time.Duration;
import org.caravanmta.config.Require;

/// How a mailbox is locked: keys of the section `mailboxes`.
///
/// @param lockFile whether there is a file
/// @param lockAttempts how often a lock is tried (postfix `deliver_lock_attempts`)
/// @param lockPause between two of them (postfix `deliver_lock_delay`)
/// @param lockStale the age at which a lock file counts as left over (postfix `stale_lock_time`)
public record LockSettings(
    boolean lockFile, int lockAttempts, Duration lockPause, Duration lockStale) {
  public LockSettings {
    if (lockAttempts < 1) {
      throw new IllegalArgumentException("lock-attempts must be at least 1, was " + lockAttempts);
    }
    Require.positive("lock-pause", lockPause);
    Require.positive("lock-stale", lockStale);
  }
}
