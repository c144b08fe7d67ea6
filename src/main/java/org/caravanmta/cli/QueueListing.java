package org.caravanmta.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.ListedMessage;
import org.caravanmta.queue.admin.QueueJson;
import org.caravanmta.queue.admin.QueuedMessage;
import org.caravanmta.queue.admin.QueuedRecipient;

/// Writes a list of messages: in the columns of `postqueue -p`, or with one JSON object on a line
/// for each message as `postqueue -j` does (postfix `postqueue(1)`). Times are UTC.
sealed interface QueueListing {
  static QueueListing of(boolean json, PrintWriter out) {
    return json ? new Json(out) : new Columns(out);
  }

  void add(ListedMessage listed);

  /// Writes what follows the last message.
  void end();

  /// The form of `postqueue -j`.
  record Json(PrintWriter out) implements QueueListing {
    @Override
    public void add(ListedMessage listed) {
      out.print(QueueJson.of(listed) + "\n");
    }

    @Override
    public void end() {}
  }

  /// The form of `postqueue -p`.
  final class Columns implements QueueListing {
    private static final String INDENT = " ".repeat(41);

    private final PrintWriter out;
    private boolean begun;
    private long messages;
    private long bytes;

    /// Ids that are remembered, so that the parts of a message count as one request; beyond that,
    /// each part counts.
    private static final int MOST_KNOWN = 100_000;

    private final Set<String> known = new HashSet<>();

    Columns(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void add(ListedMessage listed) {
      QueuedMessage message = listed.message();
      if (!begun) {
        begun = true;
        out.print("-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n");
      }
      if (message.id().isEmpty() || known.size() >= MOST_KNOWN || known.add(message.id().get())) {
        messages++;
        bytes += message.size();
      }
      var text = new StringBuilder();
      text.append(
          String.format(
              "%-17s %8d %20.20s %s%n",
              message.id().orElse("-") + message.mark(),
              message.size(),
              message.arrived().map(Columns::time).orElse(""),
              message.sender().isEmpty() ? "MAILER-DAEMON" : Printable.text(message.sender())));
      text.append(INDENT).append('[').append(place(listed)).append("]\n");
      message.why().ifPresent(why -> text.append('(').append(Printable.text(why)).append(")\n"));
      Optional<QueuedRecipient> before = Optional.empty();
      for (QueuedRecipient recipient : message.recipients()) {
        if (recipient.status().isPresent() && before.filter(recipient::hasReasonOf).isEmpty()) {
          text.append('(').append(Printable.text(recipient.reason())).append(")\n");
        }
        before = Optional.of(recipient);
        text.append(INDENT).append(Printable.text(recipient.address())).append('\n');
      }
      out.print(text.append('\n'));
    }

    @Override
    public void end() {
      out.print(
          messages == 0
              ? "Mail queue is empty\n"
              : String.format(
                  "-- %d Kbytes in %d Request%s.%n",
                  (bytes + 1023) / 1024, messages, messages == 1 ? "" : "s"));
    }

    private static String place(ListedMessage listed) {
      QueuedMessage message = listed.message();
      var place = new StringBuilder(message.queue());
      if (message.attempt() > 0) {
        place.append(", attempt ").append(message.attempt());
      }
      message.due().ifPresent(due -> place.append(", next ").append(time(due)));
      listed.node().ifPresent(node -> place.append(", at ").append(node));
      return place.toString();
    }

    private static String time(Instant instant) {
      return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
  }
}
