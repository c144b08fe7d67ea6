package org.caravanmta.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.JsonLine;
import org.caravanmta.restriction.blocked.BlockRow;
import org.caravanmta.state.BlockedSender;

/// Writes which senders are blocked, in words or as JSON: `sender`, `recipient` (absent where it is
/// for everybody), `author`, `since`. Times are UTC, those of JSON in seconds since 1970.
final class BlockText {
  private static final String LINE = "%-36s %-28s %-20s %s";

  private final boolean json;
  private final PrintWriter out;
  private boolean begun;

  BlockText(boolean json, PrintWriter out) {
    this.json = json;
    this.out = out;
  }

  void blocked(BlockRow row) {
    line(named(row, row.changed() ? "blocked for " : "blocked already for "));
  }

  void unblocked(BlockRow row) {
    line(named(row, "no longer blocked for "));
  }

  void listed(BlockRow row) {
    BlockedSender blocked = row.blocked();
    if (json) {
      var object = new JsonLine().add("sender", blocked.sender());
      if (!blocked.recipient().isEmpty()) {
        object.add("recipient", blocked.recipient());
      }
      object.add("author", blocked.author()).add("since", blocked.since().getEpochSecond());
      out.print(object.end() + "\n");
      return;
    }
    if (!begun) {
      begun = true;
      line(LINE.formatted("sender", "for", "since", "by"));
    }
    line(
        LINE.formatted(
            blocked.sender(),
            whom(blocked),
            blocked.since().truncatedTo(ChronoUnit.SECONDS),
            blocked.author()));
  }

  /// Writes what follows the last of a list.
  void end() {
    if (!json && !begun) {
      out.print("nobody is blocked\n");
    }
    out.flush();
  }

  private static String named(BlockRow row, String what) {
    return row.blocked().sender() + ": " + what + whom(row.blocked());
  }

  private static String whom(BlockedSender blocked) {
    return blocked.recipient().isEmpty() ? "everybody" : blocked.recipient();
  }

  private void line(String text) {
    out.print(Printable.text(text).stripTrailing() + "\n");
  }
}
