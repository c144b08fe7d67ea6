package org.caravanmta.smtp.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// Collects the lines of a reply (RFC 5321 §4.2).
final class ReplyText {
  /// How many characters of a reply are kept; of the lines after them only the code counts.
  private static final int MOST_KEPT = 4096;

  private final List<String> lines = new ArrayList<>();
  private int kept;
  private int code;
  private Optional<Status> status = Optional.empty();

  /// Adds a line. A line without a code is appended to the line before it.
  ///
  /// @return whether it ends the reply
  boolean add(ReplyLine line) {
    if (line.code() < 0) {
      if (!lines.isEmpty() && !line.text().isBlank()) {
        keep(lines.removeLast() + " " + line.text().strip(), line.text().length() + 1);
      }
      return false;
    }
    code = line.code();
    // some servers give the status on the first line only
    status = line.status().or(() -> status.filter(found -> found.digit() == code / 100));
    if (lines.isEmpty() || kept < MOST_KEPT) {
      keep(line.text(), line.text().length());
    }
    return line.ends();
  }

  Reply reply() {
    return new Reply(code, status, lines);
  }

  private void keep(String text, int more) {
    int over = Math.max(0, kept + more - MOST_KEPT);
    lines.add(text.substring(0, Math.max(0, text.length() - over)));
    kept += more - over;
  }
}
