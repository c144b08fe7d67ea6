package org.caravanmta.cli;

import java.io.PrintWriter;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.MessageDetail;
import org.caravanmta.queue.admin.QueuedMessage;
import org.caravanmta.queue.admin.QueuedRecipient;

/// Writes a part of a message as `caravan queue show` prints it: where it is, its envelope and its
/// header section (postfix `postcat(1)`).
record MessageText(PrintWriter out) {
  void show(MessageDetail detail) {
    envelope(detail);
    detail
        .letter()
        .ifPresent(
            letter -> out.print('\n' + Printable.lines(letter.headers().replace("\r\n", "\n"))));
    out.print('\n');
  }

  /// Where it is, and its envelope.
  void envelope(MessageDetail detail) {
    QueuedMessage message = detail.message();
    line("queue", message.queue() + (message.active() ? " (taken by its stage)" : ""));
    message.id().ifPresent(id -> line("id", id));
    message.why().ifPresent(why -> line("why", why));
    line("reverse path", "<" + message.sender() + ">");
    message.arrived().ifPresent(arrived -> line("arrived", arrived.toString()));
    line("attempt", String.valueOf(message.attempt()));
    message.due().ifPresent(due -> line("next attempt", due.toString()));
    detail.letter().ifPresent(letter -> describe(message, letter));
    if (detail.letter().isEmpty() && !detail.taken()) {
      line("body", "not mail, or not readable");
    }
  }

  private void describe(QueuedMessage message, MessageDetail.Letter letter) {
    line("client", letter.client() + " helo=<" + letter.helo() + ">");
    line("size", String.valueOf(message.size()));
    letter.destination().ifPresent(destination -> line("hop", destination));
    message.recipients().forEach(this::recipient);
  }

  private void recipient(QueuedRecipient recipient) {
    line("recipient", "<" + recipient.address() + ">");
    recipient.original().ifPresent(original -> line("  original", "<" + original + ">"));
    recipient.status().ifPresent(status -> line("  last", status + " " + recipient.reason()));
  }

  private void line(String key, String value) {
    out.print(String.format("%-14s%s%n", key + ":", Printable.text(value)));
  }
}
