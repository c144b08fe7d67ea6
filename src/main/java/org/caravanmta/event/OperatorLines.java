package org.caravanmta.event;

import java.util.Optional;
import org.caravanmta.log.Program;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of what the operator does to queued mail: `ID: removed`, or `Deleted: 3 messages`
/// where all were meant.
final class OperatorLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.queue.admin");

  private OperatorLines() {}

  static void write(OperatorEvent event) {
    switch (event) {
      case OperatorEvent.Deleted _ -> write(event, "removed", "Deleted");
      case OperatorEvent.Held _ -> write(event, "placed on hold", "Placed on hold");
      case OperatorEvent.Released _ -> write(event, "released from hold", "Released from hold");
      case OperatorEvent.Expired _ -> write(event, "expired", "Expired");
      case OperatorEvent.Requeued _ -> write(event, "requeued", "Requeued");
      case OperatorEvent.Rerouted _ -> write(event, "rerouted", "Rerouted");
      case OperatorEvent.Flushed(Optional<String> id, _) when id.isEmpty() ->
          LOG.info(Program.POSTSUPER, "Flushed: all deferred mail is due now");
      case OperatorEvent.Flushed _ -> write(event, "flushed", "Flushed");
      case OperatorEvent.Suspended(String what, String author, String why) ->
          LOG.info(
              Program.POSTSUPER,
              "{}: suspended by {}{}{}",
              what,
              author,
              why.isEmpty() ? "" : ": ",
              why);
      case OperatorEvent.Resumed(String what, String author) ->
          LOG.info(Program.POSTSUPER, "{}: resumed by {}", what, author);
    }
  }

  /// @param one said of a message that was named
  /// @param all said of all that there were
  private static void write(OperatorEvent event, String one, String all) {
    event
        .id()
        .ifPresentOrElse(
            id -> LOG.info(Program.POSTSUPER, "{}: {}", id, one),
            () ->
                LOG.info(
                    Program.POSTSUPER,
                    "{}: {} {}",
                    all,
                    event.messages(),
                    event.messages() == 1 ? "message" : "messages"));
  }
}
