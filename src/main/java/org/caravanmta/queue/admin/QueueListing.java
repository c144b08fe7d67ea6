package org.caravanmta.queue.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;

/// How a list of queues is written: in the columns of `postqueue -p`, or as an object on a line for
/// each message as `postqueue -j` does, with the keys `attempt`, `next_attempt` and `taken`
/// besides. Times are UTC.
sealed interface QueueListing {
  static QueueListing of(boolean json, Appendable out) {
    return json ? new Json(out) : new Columns(out);
  }

  void add(QueueEntry entry);

  void end();

  record Json(Appendable out) implements QueueListing {
    @Override
    public void add(QueueEntry entry) {
      var line = new StringBuilder("{");
      text(line, "queue_name", entry.queue()).append(", ");
      text(line, "queue_id", entry.id().orElse("")).append(", ");
      line.append("\"arrival_time\": ")
          .append(entry.arrived().map(Instant::getEpochSecond).orElse(0L))
          .append(", \"message_size\": ")
          .append(entry.size())
          .append(", \"forced_expire\": false, \"taken\": ")
          .append(entry.active())
          .append(", \"attempt\": ")
          .append(entry.attempt())
          .append(", ");
      entry
          .due()
          .ifPresent(
              due -> line.append("\"next_attempt\": ").append(due.getEpochSecond()).append(", "));
      entry.why().ifPresent(why -> text(line, "why", why).append(", "));
      text(line, "sender", entry.sender()).append(", \"recipients\": [");
      String comma = "";
      for (Recipient recipient : entry.recipients()) {
        text(line.append(comma).append('{'), "address", recipient.address().toString());
        if (!recipient.original().equals(recipient.address())) {
          text(line.append(", "), "orig_address", recipient.original().toString());
        }
        recipient.last().ifPresent(last -> text(line.append(", "), "delay_reason", last.text()));
        line.append('}');
        comma = ", ";
      }
      print(out, line.append("]}\n"));
    }

    @Override
    public void end() {}

    private static StringBuilder text(StringBuilder line, String key, String value) {
      return string(string(line, key).append(": "), value);
    }

    private static StringBuilder string(StringBuilder line, String value) {
      line.append('"');
      for (int i = 0; i < value.length(); ) {
        int c = value.codePointAt(i);
        if (c == '"' || c == '\\') {
          line.append('\\').appendCodePoint(c);
        } else if (Printable.is(c)) {
          line.appendCodePoint(c);
        } else {
          for (char unit : Character.toChars(c)) {
            line.append(String.format("\\u%04x", (int) unit));
          }
        }
        i += Character.charCount(c);
      }
      return line.append('"');
    }
  }

  final class Columns implements QueueListing {
    private static final String INDENT = " ".repeat(41);

    private final Appendable out;
    private boolean begun;
    private long messages;
    private long bytes;

    /// Parts of one message are one request; past this many they are counted by themselves.
    private static final int MOST_KNOWN = 100_000;

    private final Set<String> known = new HashSet<>();

    Columns(Appendable out) {
      this.out = out;
    }

    @Override
    public void add(QueueEntry entry) {
      if (!begun) {
        begun = true;
        print(out, "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n");
      }
      if (entry.id().isEmpty() || known.size() >= MOST_KNOWN || known.add(entry.id().get())) {
        messages++;
        bytes += entry.size();
      }
      var text = new StringBuilder();
      text.append(
          String.format(
              "%-17s %8d %20.20s %s%n",
              entry.id().orElse("-") + entry.mark(),
              entry.size(),
              entry.arrived().map(Columns::time).orElse(""),
              entry.sender().isEmpty() ? "MAILER-DAEMON" : oneLine(entry.sender())));
      text.append(INDENT).append('[').append(place(entry)).append("]\n");
      entry.why().ifPresent(why -> text.append('(').append(oneLine(why)).append(")\n"));
      Optional<Reason> before = Optional.empty();
      for (Recipient recipient : entry.recipients()) {
        if (!recipient.last().equals(before)) {
          recipient
              .last()
              .ifPresent(last -> text.append('(').append(oneLine(last.text())).append(")\n"));
          before = recipient.last();
        }
        text.append(INDENT).append(oneLine(recipient.address().toString())).append('\n');
      }
      print(out, text.append('\n'));
    }

    @Override
    public void end() {
      print(
          out,
          messages == 0
              ? "Mail queue is empty\n"
              : String.format(
                  "-- %d Kbytes in %d Request%s.%n",
                  (bytes + 1023) / 1024, messages, messages == 1 ? "" : "s"));
    }

    private static String place(QueueEntry entry) {
      var place = new StringBuilder(entry.queue());
      if (entry.attempt() > 0) {
        place.append(", attempt ").append(entry.attempt());
      }
      entry.due().ifPresent(due -> place.append(", next ").append(time(due)));
      return place.toString();
    }

    private static String time(Instant instant) {
      return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
  }

  /// One message with its envelope and header section.
  static void show(QueueEntry entry, Appendable out) {
    var text = new StringBuilder();
    line(text, "queue", entry.queue() + (entry.active() ? " (taken by its stage)" : ""));
    entry.why().ifPresent(why -> line(text, "why", why));
    line(text, "reverse path", "<" + entry.sender() + ">");
    entry.arrived().ifPresent(arrived -> line(text, "arrived", arrived.toString()));
    line(text, "attempt", String.valueOf(entry.attempt()));
    entry.due().ifPresent(due -> line(text, "next attempt", due.toString()));
    entry.mail().ifPresent(mail -> describe(mail, text));
    if (entry.mail().isEmpty() && !entry.taken()) {
      line(text, "body", "not mail, or not readable");
    }
    print(out, text.append('\n'));
  }

  private static void describe(Mail mail, StringBuilder text) {
    var envelope = mail.envelope();
    line(text, "client", envelope.client() + " helo=<" + envelope.client().helo() + ">");
    line(text, "size", String.valueOf(mail.size()));
    envelope.destination().ifPresent(to -> line(text, "hop", to.transport() + ":" + to.nextHop()));
    for (Recipient recipient : mail.recipients()) {
      line(text, "recipient", "<" + recipient.address() + ">");
      if (!recipient.original().equals(recipient.address())) {
        line(text, "  original", "<" + recipient.original() + ">");
      }
      recipient.last().ifPresent(last -> line(text, "  last", last.status() + " " + last.text()));
    }
    text.append('\n').append(Printable.lines(mail.headers().toString().replace("\r\n", "\n")));
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(String.format("%-14s%s%n", key + ":", oneLine(value)));
  }

  private static String oneLine(String text) {
    return Printable.text(text);
  }

  private static void print(Appendable out, CharSequence text) {
    try {
      out.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
