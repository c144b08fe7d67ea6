package org.caravanmta.cli;

import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.caravanmta.message.Printable;
import org.caravanmta.quarantine.Rescanned;
import org.caravanmta.quarantine.Rescanned.Outcome;
import org.caravanmta.queue.admin.JsonLine;

/// Writes what filters say that were asked again: a line for each message, and one for all of them,
/// or JSON.
final class RescanText {
  private final boolean json;
  private final PrintWriter out;
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

  RescanText(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void add(Rescanned rescanned) {
    counts.merge(rescanned.outcome(), 1, Integer::sum);
    if (json) {
      var line = new JsonLine();
      line.add("queue_id", rescanned.id());
      line.add("outcome", rescanned.outcome().name().toLowerCase(Locale.ROOT));
      line.add("filter", rescanned.filter());
      line.add("reason", rescanned.text());
      out.print(line.end() + "\n");
      return;
    }
    out.print(Printable.text(rescanned.id() + ": " + what(rescanned)) + "\n");
  }

  private static String what(Rescanned rescanned) {
    String said = " (" + rescanned.filter() + ": " + rescanned.text() + ")";
    return switch (rescanned.outcome()) {
      case RELEASED -> "released (" + rescanned.filter() + " passes it now)";
      case TAKEN -> "taken by its filter" + said;
      case STAYS -> "stays" + said;
      case UNANSWERED -> "stays, no answer" + said;
      case UNKNOWN -> "stays" + said;
      case GONE -> "gone meanwhile";
    };
  }

  void end() {
    if (json) {
      return;
    }
    if (counts.isEmpty()) {
      out.print("no such message\n");
      return;
    }
    int released = count(Outcome.RELEASED) + count(Outcome.TAKEN);
    int unanswered = count(Outcome.UNANSWERED) + count(Outcome.UNKNOWN);
    int stay = count(Outcome.STAYS) + unanswered;
    out.print(
        released
            + " released, "
            + stay
            + " stay"
            + (unanswered == 0 ? "" : ", " + unanswered + " of them without an answer")
            + "\n");
  }

  private int count(Outcome outcome) {
    return counts.getOrDefault(outcome, 0);
  }
}
