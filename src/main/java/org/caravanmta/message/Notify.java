package org.caravanmta.message;

import java.util.Set;

/// When the sender wants to hear about a recipient: the NOTIFY parameter (RFC 3461 §4.1). The empty
/// set is NEVER.
public record Notify(Set<Event> events) {
  public static final Notify NEVER = new Notify(Set.of());

  public enum Event {
    SUCCESS,
    FAILURE,
    DELAY
  }

  public Notify {
    events = Set.copyOf(events);
  }
}
