package org.caravanmta.cli;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import org.caravanmta.delivery.schedule.DestinationRow;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.JsonLine;

/// Writes how destinations stand: a table, or JSON with times in seconds since 1970, and what holds
/// each back as `held`, a list of `kind` and `text`.
final class DestinationTable {
  private static final String LINE = "%-10s %-30s %7s %7s %7s %7s  %s%n";

  private final boolean json;
  private final PrintWriter out;
  private boolean begun;

  DestinationTable(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void add(DestinationRow row) {
    if (json) {
      out.print(json(row) + "\n");
      return;
    }
    if (!begun) {
      begun = true;
      out.printf(
          LINE, "transport", "next hop", "queued", "waiting", "at work", "allowed", "held back by");
    }
    out.printf(
        LINE,
        Printable.text(row.transport()),
        Printable.text(row.nextHop()),
        row.queued(),
        row.waiting(),
        row.atWork(),
        row.allowed(),
        row.held().isEmpty()
            ? "nothing"
            : row.held().stream()
                .map(held -> Printable.text(held.text()))
                .collect(Collectors.joining("; ")));
  }

  /// Writes what follows the last one.
  void end() {
    if (!json && !begun) {
      out.println("no destination is in use");
    }
    out.flush();
  }

  private static String json(DestinationRow row) {
    var line =
        new JsonLine()
            .add("transport", row.transport())
            .add("next_hop", row.nextHop())
            .add("queued", row.queued())
            .add("waiting", row.waiting())
            .add("at_work", row.atWork())
            .add("window", row.window())
            .add("window_limit", row.most())
            .add("allowed", row.allowed());
    row.suspendedUntil().ifPresent(until -> line.add("dead_until", until.getEpochSecond()));
    return line.add("dead_reason", row.why())
        .add("probing", row.probing())
        .add("rate_delay_ms", row.rateDelay().toMillis())
        .add(
            "held",
            row.held().stream()
                .map(held -> new JsonLine().add("kind", held.word()).add("text", held.text()).end())
                .toList())
        .end();
  }
}
