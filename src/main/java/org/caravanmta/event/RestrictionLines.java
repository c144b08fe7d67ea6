package org.caravanmta.event;

import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of restrictions that do not refuse.
final class RestrictionLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.restriction");

  private RestrictionLines() {}

  static void write(RestrictionEvent event) {
    switch (event) {
      case RestrictionEvent.Noted noted -> {
        if (LOG.isInfoEnabled()) {
          LOG.info("{}", Printable.text(line(noted)));
        }
      }
      case RestrictionEvent.Undecided(String what) -> LOG.warn("{}", Printable.text(what));
    }
  }

  private static String line(RestrictionEvent.Noted noted) {
    return (noted.id().isEmpty() ? "NOQUEUE" : noted.id())
        + ": "
        + noted.word()
        + ": "
        + noted.step()
        + " from "
        + noted.client()
        + ": "
        + noted.text()
        + "; from=<"
        + noted.sender()
        + ">"
        + noted.recipient().map(to -> " to=<" + to + ">").orElse("")
        + " proto="
        + noted.client().protocol()
        + " helo=<"
        + noted.client().helo()
        + ">";
  }
}
