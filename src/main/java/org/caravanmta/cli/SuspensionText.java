package org.caravanmta.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.JsonLine;
import org.caravanmta.suspension.Resumed;
import org.caravanmta.suspension.Suspension;

/// Writes what is suspended, in words or as JSON: `kind`, `pattern`, `reason`, `author`, `since`.
/// Times are UTC, those of JSON in seconds since 1970.
final class SuspensionText {
  private static final String LINE = "%-32s %-20s %-12s %s%n";

  private final boolean json;
  private final PrintWriter out;
  private boolean begun;

  SuspensionText(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void suspended(Suspension suspension) {
    if (json) {
      out.print(fields(suspension).end() + "\n");
    } else {
      out.println(Printable.text(suspension.name()) + ": suspended");
    }
  }

  void resumed(Resumed resumed) {
    if (json) {
      out.print(fields(resumed.what()).add("messages", resumed.messages()).end() + "\n");
    } else {
      out.println(
          "%s: resumed, %d message%s tried now"
              .formatted(
                  Printable.text(resumed.what().name()),
                  resumed.messages(),
                  resumed.messages() == 1 ? "" : "s"));
    }
  }

  void listed(Suspension suspension) {
    if (json) {
      suspended(suspension);
      return;
    }
    if (!begun) {
      begun = true;
      out.printf(LINE, "suspended", "since", "by", "reason");
    }
    out.print(
        LINE.formatted(
                    Printable.text(suspension.name()),
                    suspension.since().truncatedTo(ChronoUnit.SECONDS),
                    Printable.text(suspension.author()),
                    Printable.text(suspension.reason()))
                .stripTrailing()
            + "\n");
  }

  /// Writes what follows the last of a list.
  void end() {
    if (!json && !begun) {
      out.println("nothing is suspended");
    }
    out.flush();
  }

  private static JsonLine fields(Suspension suspension) {
    return new JsonLine()
        .add("kind", suspension.kind().word())
        .add("pattern", suspension.what().pattern())
        .add("reason", suspension.reason())
        .add("author", suspension.author())
        .add("since", suspension.since().getEpochSecond());
  }
}
