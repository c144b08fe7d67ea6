package org.caravanmta.message;

import java.util.Set;

/// When the sender wants a report about a recipient: the NOTIFY parameter (RFC 3461 §4.1).
///
/// @param events the occasions; none: NEVER
public record Notify(Set<Event> events) {
  public static final Notify NEVER = new Notify(Set.of());

  /// An occasion for a report.
  public enum Event {
    /// The recipient has been delivered to.
    SUCCESS,
    /// The recipient has failed.
    FAILURE,
    /// The recipient waits longer than usual.
    DELAY
  }

  public Notify {
    events = Set.copyOf(events);
  }
}
