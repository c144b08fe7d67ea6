package org.caravanmta.message;

import java.time.Instant;

/// How far a message, or the part of it that waits, has come.
///
/// @param attempt delivery attempts made
/// @param faults times a stage of ours broke on it since the last step that succeeded; at a limit
///   it is set aside as `dead`
/// @param due not tried before this; the time of arrival for a new message
/// @param queued when it entered the queue it is in
/// @param warned whether the sender has been told that it waits
public record Progress(int attempt, int faults, Instant due, Instant queued, boolean warned) {
  public Progress(int attempt, int faults, Instant due, Instant queued) {
    this(attempt, faults, due, queued, false);
  }

  public static Progress at(Instant arrived) {
    return new Progress(0, 0, arrived, arrived);
  }
}
