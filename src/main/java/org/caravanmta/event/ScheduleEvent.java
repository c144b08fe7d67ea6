package org.caravanmta.event;

import java.time.Instant;

/// What changes for the mail of a destination as a whole, in no words of Postfix's, which has no
/// such thing.
public sealed interface ScheduleEvent extends Event {
  /// The destination is held to something for a time, since a server of it has replied something
  /// that a rule of the operator's is about. Told when that begins or changes, not for each reply.
  ///
  /// @param what it is held to: `suspend`, `concurrency=2`, `rate=30/m`, `pool=bulk`
  /// @param until when it is over, unless the reply comes again
  /// @param rule where the rule stands, `config/replies:3`
  /// @param reply in one line
  record Braked(String destination, String what, Instant until, String rule, String reply)
      implements ScheduleEvent {}
}
