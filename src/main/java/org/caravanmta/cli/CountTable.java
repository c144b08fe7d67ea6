package org.caravanmta.cli;

import java.io.PrintWriter;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.QueueCount;
import org.caravanmta.queue.admin.QueueJson;

/// Writes how many messages are on each queue: a table with a last line for all of them, or JSON.
final class CountTable {
  private static final String LINE = "%-20s %10s %12s %12s%n";

  private final boolean json;
  private final PrintWriter out;
  private QueueCount total = new QueueCount("total", 0, 0, 0);

  CountTable(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
    if (!json) {
      out.printf(LINE, "queue", "messages", "recipients", "bytes");
    }
  }

  void add(QueueCount count) {
    total =
        new QueueCount(
            total.queue(),
            total.messages() + count.messages(),
            total.recipients() + count.recipients(),
            total.octets() + count.octets());
    if (json) {
      out.print(QueueJson.of(count) + "\n");
    } else {
      line(count);
    }
  }

  void end() {
    if (!json) {
      line(total);
    }
  }

  private void line(QueueCount count) {
    out.printf(
        LINE, Printable.text(count.queue()), count.messages(), count.recipients(), count.octets());
  }
}
