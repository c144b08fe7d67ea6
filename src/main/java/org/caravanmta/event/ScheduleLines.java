package org.caravanmta.event;

import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of what changes for the mail of a destination as a whole.
final class ScheduleLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.delivery.schedule");

  private ScheduleLines() {}

  static void write(ScheduleEvent event) {
    switch (event) {
      case ScheduleEvent.Braked braked ->
          LOG.warn(
              "destination={}: {} until {} by {}: {}",
              braked.destination(),
              braked.what(),
              braked.until(),
              braked.rule(),
              Printable.text(braked.reply()));
    }
  }
}
