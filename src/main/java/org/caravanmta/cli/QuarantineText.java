package org.caravanmta.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.caravanmta.message.Printable;
import org.caravanmta.quarantine.QuarantineRow;
import org.caravanmta.state.Quarantined;

/// Writes what is in the quarantine: two lines for each message, the second with the reason, or
/// JSON. Times are UTC. In a cluster, the node on whose queue it lies is a column.
final class QuarantineText {
  private static final String LINE = "%-17s %-20s %6s  %-28s %-28s %s";
  private static final String NODE = "%-12s ";
  private static final String INDENT = " ".repeat(18);

  private final boolean json;
  private final PrintWriter out;
  private boolean clustered;
  private long messages;
  private long bytes;

  QuarantineText(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void list(QuarantineRow row) {
    if (json) {
      out.print(row.json() + "\n");
      return;
    }
    Quarantined entry = row.entry();
    if (messages == 0 || !clustered && !entry.node().isEmpty()) {
      clustered = !entry.node().isEmpty();
      line(
          node("node")
              + LINE.formatted("id", "set aside", "score", "sender", "recipient", "subject"));
    }
    messages++;
    bytes += entry.size();
    line(
        node(entry.node().isEmpty() ? "-" : entry.node())
            + LINE.formatted(
                entry.id(),
                entry.since().truncatedTo(ChronoUnit.SECONDS),
                score(entry),
                entry.sender().isEmpty() ? "<>" : entry.sender(),
                recipients(entry.recipients()),
                entry.subject()));
    line(node("") + INDENT + entry.filter() + ": " + entry.why());
  }

  private String node(String name) {
    return clustered ? NODE.formatted(name) : "";
  }

  private static String score(Quarantined entry) {
    return entry.score().isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%.1f", entry.score().getAsDouble());
  }

  private static String recipients(List<String> all) {
    return all.size() < 2 ? String.join("", all) : all.getFirst() + " +" + (all.size() - 1);
  }

  private void line(String text) {
    out.print(Printable.text(text).stripTrailing() + "\n");
  }

  /// Writes what follows the last of a list.
  void end() {
    if (!json) {
      out.print(
          messages == 0
              ? "the quarantine is empty\n"
              : "-- %d Kbytes in %d message%s\n"
                  .formatted((bytes + 1023) / 1024, messages, messages == 1 ? "" : "s"));
    }
  }

  /// Why it is there, and its header section.
  void show(QuarantineRow row) {
    Quarantined entry = row.entry();
    field("id", entry.id());
    field("filter", entry.filter());
    field("why", entry.why());
    entry.score().ifPresent(score -> field("score", String.valueOf(score)));
    field("set aside", entry.since().toString());
    field("arrived", entry.arrived().toString());
    field("client", entry.client());
    field("size", String.valueOf(entry.size()));
    field("reverse path", "<" + entry.sender() + ">");
    entry.recipients().forEach(recipient -> field("recipient", "<" + recipient + ">"));
    out.print("\n" + Printable.lines(row.headers().orElse("").replace("\r\n", "\n")) + "\n");
  }

  private void field(String key, String value) {
    out.print(String.format("%-14s%s%n", key + ":", Printable.text(value)));
  }
}
