package org.caravanmta.event;

import java.time.Duration;

/// What becomes of mail that content filters have set aside.
public sealed interface QuarantineEvent extends Event {
  /// Given back to routing.
  ///
  /// @param by who has done it
  record Freed(String id, String by) implements QuarantineEvent {}

  /// Deleted; nobody is told.
  record Dropped(String id, String by) implements QuarantineEvent {}

  /// Asked about again, the filter has nothing against it, and it is given back to routing.
  record Cleared(String id, String filter, String by) implements QuarantineEvent {}

  /// Asked about again, it stays.
  ///
  /// @param why in the filter's words, or why there is no answer
  record Remained(String id, String filter, String why, String by) implements QuarantineEvent {}

  /// Who is to be told of what is new there was told.
  ///
  /// @param messages or parts of them
  /// @param rejected how many were rejected, counted for each recipient
  /// @param letters how many were written
  record Digested(long messages, long rejected, long letters) implements QuarantineEvent {}

  /// Deleted because it has lain there for long enough.
  ///
  /// @param keep how long mail stays there
  record Lapsed(String id, Duration keep) implements QuarantineEvent {}

  /// A sender whose mail is refused from now on.
  ///
  /// @param sender an address or a domain
  /// @param recipient for whom it is, an address or a domain; empty: for everybody
  record Blocked(String sender, String recipient, String by) implements QuarantineEvent {}

  /// A sender whose mail is not refused any more.
  record Unblocked(String sender, String recipient, String by) implements QuarantineEvent {}
}
