package org.caravanmta.cli;

import java.io.PrintWriter;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.admin.QueueJson;
import org.caravanmta.queue.admin.Touched;

/// Writes what became of each message that a verb was about: a line for each, and one for all of
/// them (postfix `postsuper(1)`), or JSON.
final class DeedOutcomes {
  private final Deed deed;
  private final boolean json;
  private final PrintWriter out;
  private long done;
  private long would;
  private long taken;
  private long others;

  DeedOutcomes(Deed deed, boolean json, PrintWriter out) {
    this.deed = deed;
    this.json = json;
    this.out = out;
  }

  void add(Touched touched) {
    switch (touched.outcome()) {
      case DONE -> done++;
      case WOULD -> would++;
      case TAKEN -> taken++;
      case GONE, REFUSED -> others++;
    }
    out.print(json ? QueueJson.of(deed.word(), touched) + "\n" : line(touched));
  }

  void end() {
    if (json) {
      return;
    }
    if (done + would + taken + others == 0) {
      out.println("no such message");
      return;
    }
    out.println(
        (would > 0 ? would + " would be " + word() : done + " " + word())
            + (taken == 0 ? "" : ", " + taken + " taken by a stage, try again")
            + (others == 0 ? "" : ", " + others + " left as they were"));
  }

  private String line(Touched touched) {
    String what =
        switch (touched.outcome()) {
          case DONE -> word();
          case WOULD -> "would be " + word();
          case TAKEN -> "taken by a stage, try again";
          case GONE -> "gone meanwhile";
          case REFUSED ->
              "left as it was: it has not been through its content filter, or cannot be read";
        };
    return "%s: %s (%s, %d recipient%s)%n"
        .formatted(
            touched.id().orElse("-"),
            what,
            touched.queue(),
            touched.recipients(),
            touched.recipients() == 1 ? "" : "s");
  }

  private String word() {
    return switch (deed) {
      case HOLD -> "put on hold";
      case RELEASE -> "released";
      case FLUSH -> "flushed";
      case DELETE -> "deleted";
      case BOUNCE -> "returned to the sender";
      case REQUEUE -> "requeued";
      case REROUTE -> "rerouted";
    };
  }
}
