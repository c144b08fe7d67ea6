package org.caravanmta.queue.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Queues;

/// One message on one queue, as the operator is told of it (postfix `postqueue -p`, `-j`): a row of
/// what `queue.list` answers.
///
/// @param id absent where something lies on a queue that is not mail
/// @param active a stage is at it right now (Postfix: the active queue)
/// @param sender the reverse path without its brackets, empty for `<>`
/// @param due it is not tried before this; absent where messages do not wait for a time
/// @param size in octets
/// @param why a stage broke on it, or why it is on no queue yet
/// @param transport of the last attempt, or the next; absent before routing
/// @param nextHop in the notation of that transport
public record QueuedMessage(
    String queue,
    Optional<String> id,
    boolean active,
    String sender,
    Optional<Instant> arrived,
    int attempt,
    Optional<Instant> due,
    long size,
    Optional<String> why,
    Optional<String> transport,
    Optional<String> nextHop,
    List<QueuedRecipient> recipients) {
  static QueuedMessage of(QueueEntry entry) {
    return new QueuedMessage(
        entry.queue(),
        entry.id(),
        entry.active(),
        entry.sender(),
        entry.arrived(),
        entry.attempt(),
        entry.due(),
        entry.size(),
        entry.why(),
        entry.destination().map(Destination::transport),
        entry.destination().map(Destination::nextHop),
        entry.recipients().stream()
            .map(recipient -> QueuedRecipient.of(recipient, entry.failed()))
            .toList());
  }

  /// Whether the operator has had it returned before its time (postfix `postsuper -f`).
  public boolean forcedExpire() {
    return queue.equals(Queues.FORCE_EXPIRED);
  }

  /// As postqueue marks an id: `*` active, `!` on hold, `#` dead, or to be returned before its
  /// time.
  public String mark() {
    if (active) {
      return "*";
    }
    return switch (queue) {
      case Queues.HOLD -> "!";
      case Queues.DEAD, Queues.FORCE_EXPIRED -> "#";
      default -> "";
    };
  }

  /// The row.
  public List<String> fields() {
    var fields = new ArrayList<String>();
    fields.add(queue);
    fields.add(id.orElse(""));
    fields.add(Boolean.toString(active));
    fields.add(sender);
    fields.add(RowFields.of(arrived));
    fields.add(Integer.toString(attempt));
    fields.add(RowFields.of(due));
    fields.add(Long.toString(size));
    fields.add(why.orElse(""));
    fields.add(transport.orElse(""));
    fields.add(nextHop.orElse(""));
    fields.add(Integer.toString(recipients.size()));
    recipients.forEach(each -> fields.addAll(each.fields()));
    return fields;
  }

  /// @throws IOException if this is not such a row
  public static QueuedMessage of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    QueuedMessage message = of(fields);
    fields.end();
    return message;
  }

  static QueuedMessage of(RowFields fields) throws IOException {
    String queue = fields.text();
    Optional<String> id = fields.optional();
    boolean active = fields.flag();
    String sender = fields.text();
    Optional<Instant> arrived = fields.time();
    int attempt = (int) fields.number();
    Optional<Instant> due = fields.time();
    long size = fields.number();
    Optional<String> why = fields.optional();
    Optional<String> transport = fields.optional();
    Optional<String> nextHop = fields.optional();
    var recipients = new ArrayList<QueuedRecipient>();
    for (long left = fields.number(); left > 0; left--) {
      recipients.add(QueuedRecipient.of(fields));
    }
    return new QueuedMessage(
        queue,
        id,
        active,
        sender,
        arrived,
        attempt,
        due,
        size,
        why,
        transport,
        nextHop,
        List.copyOf(recipients));
  }
}
