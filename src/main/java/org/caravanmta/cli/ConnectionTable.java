package org.caravanmta.cli;

import java.io.PrintWriter;
import java.time.Duration;
import org.caravanmta.delivery.watch.AttemptRow;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.JsonLine;

/// Writes the attempts at delivery that are being made: two lines for each, or JSON. Times are in
/// seconds.
final class ConnectionTable {
  private static final String LINE = "%-8s %-17s %-10s %6s %8s %8s  %s%n";

  private final boolean json;
  private final PrintWriter out;
  private long attempts;

  ConnectionTable(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void add(AttemptRow attempt) {
    if (json) {
      out.print(json(attempt) + "\n");
      return;
    }
    if (attempts++ == 0) {
      out.printf(
          LINE,
          "-Number-",
          "-Queue ID-",
          "-Transp.-",
          "-Rcpt-",
          "--Idle--",
          "--Age---",
          "-Server/Doing-");
    }
    out.printf(
        LINE,
        attempt.number(),
        Printable.text(attempt.id()),
        Printable.text(attempt.transport()),
        attempt.recipients(),
        seconds(attempt.still()),
        seconds(attempt.age()),
        Printable.text(attempt.server().isEmpty() ? attempt.nextHop() : attempt.server()));
    out.print(" ".repeat(64) + Printable.text(doing(attempt)) + "\n");
  }

  void end() {
    if (!json) {
      out.print(
          attempts == 0
              ? "No attempts at delivery\n"
              : "-- %d attempt%s.%n".formatted(attempts, attempts == 1 ? "" : "s"));
    }
  }

  private static String doing(AttemptRow attempt) {
    return attempt.doing()
        + (attempt.source().isEmpty() ? "" : ", from " + attempt.source())
        + (attempt.tls().isEmpty() ? "" : ", " + attempt.tls())
        + (attempt.cut().isEmpty() ? "" : "; " + attempt.cut());
  }

  private static long seconds(Duration time) {
    return time.toSeconds();
  }

  private static String json(AttemptRow attempt) {
    var line =
        new JsonLine()
            .add("attempt", attempt.number())
            .add("queue_id", attempt.id())
            .add("sender", attempt.sender())
            .add("recipients", attempt.recipients())
            .add("transport", attempt.transport())
            .add("nexthop", attempt.nextHop());
    add(line, "server", attempt.server());
    add(line, "source", attempt.source());
    add(line, "tls", attempt.tls());
    line.add("step", attempt.step());
    if (attempt.size() > 0) {
      line.add("sent", attempt.sent()).add("size", attempt.size());
    }
    line.add("age_ms", attempt.age().toMillis()).add("idle_ms", attempt.still().toMillis());
    add(line, "cut", attempt.cut());
    return line.end();
  }

  /// What is not known is left out.
  private static void add(JsonLine line, String name, String value) {
    if (!value.isEmpty()) {
      line.add(name, value);
    }
  }
}
