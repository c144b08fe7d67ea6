package org.caravanmta.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.caravanmta.delivery.schedule.DestinationRow;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.JsonLine;

/// Writes how destinations stand: a table, or JSON with times in seconds since 1970, and what holds
/// each back as `held`, a list of `kind` and `text`.
final class DestinationTable {
  private static final String LINE = "%%-10s %%-%ds %%7s %%7s %%7s %%7s  %%s%%n";

  /// Signs of a next hop; more where one is longer.
  private static final int WIDTH = 30;

  private final boolean json;
  private final PrintWriter out;
  private final List<DestinationRow> rows = new ArrayList<>();

  DestinationTable(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void add(DestinationRow row) {
    if (json) {
      out.print(json(row) + "\n");
      return;
    }
    rows.add(row);
  }

  /// Writes the table, as wide as its longest next hop.
  void end() {
    if (!json && rows.isEmpty()) {
      out.println("no destination is in use");
    } else if (!json) {
      int width =
          rows.stream()
              .mapToInt(row -> Printable.text(row.nextHop()).length())
              .reduce(WIDTH, Math::max);
      String line = LINE.formatted(width);
      out.printf(
          line, "transport", "next hop", "queued", "waiting", "at work", "allowed", "held back by");
      rows.forEach(row -> write(line, row));
    }
    out.flush();
  }

  private void write(String line, DestinationRow row) {
    out.printf(
        line,
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
