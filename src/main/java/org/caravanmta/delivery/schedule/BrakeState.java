package org.caravanmta.delivery.schedule;

import java.time.Instant;
import org.caravanmta.delivery.reply.ReplyAction;
import org.caravanmta.event.Events;
import org.caravanmta.event.ScheduleEvent;

/// Something that a destination is held to for a time, since a server of it has replied something
/// that a rule of the operator's is about.
///
/// @param nextHop in small letters
/// @param what it is held to: `suspend`, `concurrency=2`, `rate=30/m`, `pool=bulk`
/// @param until when it is over
/// @param rule where the rule stands, `config/replies:3`
/// @param reply in one line
public record BrakeState(String nextHop, String what, Instant until, String rule, String reply) {
  private static final String SUSPEND = new ReplyAction.Suspend().toString();

  /// Whether the destination gets nothing at all.
  boolean isSuspension() {
    return what.equals(SUSPEND);
  }

  void tell() {
    Events.tell(new ScheduleEvent.Braked(nextHop, what, until, rule, reply));
  }
}
