package org.caravanmta.message;

/// Defers a whole message, to be tried again later (RFC 5321 §4.5.4.1), because a stage could not
/// do its work.
public interface Deferral {
  /// @return a task for a lane, or, if the message is too old to wait any longer, for a report
  Handover defer(Mail mail, Reason reason);

  /// Whether the message is too old to wait any longer.
  boolean isOver(Mail mail);
}
