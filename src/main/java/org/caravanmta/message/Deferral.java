package org.caravanmta.message;

/// Has a whole message wait until it is tried again (RFC 5321 §4.5.4.1), when a stage could not do
/// its work.
@FunctionalInterface
public interface Deferral {
  /// @return its task for a lane, or for a report when it may not wait any longer
  Handover defer(Mail mail, Reason reason);
}
