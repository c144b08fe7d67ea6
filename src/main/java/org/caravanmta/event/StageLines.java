package org.caravanmta.event;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of what keeps stages from their work, which Postfix does not have. Each has a
/// logger with the name of the class that it happened to.
final class StageLines {
  private StageLines() {}

  static void write(StageEvent event) {
    switch (event) {
      case StageEvent.Broke(String id, String step, Throwable why) ->
          of("policy.Fault").error("{}: {} broke on it, held", id, step, why);
      case StageEvent.NoContent(String id, String by, String done, Exception why) ->
          of(by).error("{}: content cannot be {}", id, done, why);
      case StageEvent.AttachmentsBroke(String id, Throwable why) ->
          of("check.Attachments").error("{}: attachments cannot be read", id, why);
      case StageEvent.AttachmentsUnread(String id, String why) ->
          of("check.Attachments").warn("{}: attachments cannot be read: {}", id, why);
      case StageEvent.NotRewritten(String id, String why) ->
          of("rewrite.Unavailable").warn("{}: its addresses cannot be rewritten: {}", id, why);
      case StageEvent.CopiesUnknown(String id, String why) ->
          of("rewrite.AutomaticCopies")
              .warn("{}: whether copies are to be made cannot be told: {}", id, why);
      case StageEvent.AliasUnknown(String id, String alias, String why) ->
          of("rewrite.VirtualAliases").warn("{}: virtual alias {}: {}", id, alias, why);
      case StageEvent.AliasEndless(String id, String alias) ->
          of("rewrite.VirtualAliases")
              .warn("{}: the virtual alias {} does not come to an end", id, alias);
      case StageEvent.TooManyAliases(String id, int most) ->
          of("rewrite.VirtualAliases")
              .warn("{}: virtual aliases make more than {} recipients of it", id, most);
      case StageEvent.Dead(String id, String queue, String why) ->
          of("queue.camel.RouteStage").error("{}: set aside from {} as dead: {}", id, queue, why);
      case StageEvent.WayEnded(String id, String queue) ->
          of("queue.camel.RouteStage")
              .info("{}: ended at {}: the route hands nothing on", id, queue);
      case StageEvent.LeftForNewer(String id, String queue, String why) ->
          of("queue.camel.RouteStage")
              .warn("{}: left on {} for a newer Caravan: {}", id, queue, why);
    }
  }

  private static Logger of(String part) {
    return LoggerFactory.getLogger("org.caravanmta." + part);
  }
}
