package org.caravanmta.message;

import java.time.Instant;

/// How far a message, or a part of it, has come on its way (RFC 5321 §4.5.4.1).
///
/// @param attempt how many delivery attempts have been made
/// @param faults how often a stage of ours broke on it since the last stage that succeeded; at a
///   limit it is set aside in `dead`
/// @param due it is not tried before this time; for a new message, its time of arrival
/// @param queued when it entered the queue it is in
/// @param warned whether the sender has been told that it waits
public record Progress(int attempt, int faults, Instant due, Instant queued, boolean warned) {
  /// The progress of a message of whose waiting the sender has not been told.
  public Progress(int attempt, int faults, Instant due, Instant queued) {
    this(attempt, faults, due, queued, false);
  }

  /// The progress of a new message, which is due at once.
  public static Progress at(Instant arrived) {
    return new Progress(0, 0, arrived, arrived);
  }
}
