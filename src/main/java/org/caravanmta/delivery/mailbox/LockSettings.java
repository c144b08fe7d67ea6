package org.caravanmta.delivery.mailbox;

import java.time.Duration;
import org.caravanmta.config.Require;

/// The keys of the section `mailboxes` that say how a mailbox which is one file is locked.
///
/// @param lockFile whether there is a lock file besides the system's lock (postfix
///   `mailbox_delivery_lock`)
/// @param lockAttempts how often a lock is tried, at least once (postfix `deliver_lock_attempts`)
/// @param lockPause how long between two tries (postfix `deliver_lock_delay`)
/// @param lockStale the age from which on a lock file counts as left over (postfix
///   `stale_lock_time`)
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
