package org.caravanmta.headway;

/// That an attempt has been ended from outside.
///
/// @param by who has ended it
/// @param why in a line
public record Cut(By by, String why) {
  /// Who ends attempts.
  public enum By {
    /// Because it made no progress for too long.
    WATCHDOG,
    /// By a command.
    OPERATOR,
    /// Because this node of a cluster has lost its lock: another may be at it by now.
    FENCE
  }
}
