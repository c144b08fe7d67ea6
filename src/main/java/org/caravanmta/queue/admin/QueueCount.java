package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.List;
import org.caravanmta.control.RowFields;

/// How many messages of a queue a selector means: a row of what `queue.count` answers.
///
/// @param messages parts of messages, where a message was split
/// @param recipients of all of them together
/// @param octets likewise
public record QueueCount(String queue, long messages, long recipients, long octets) {
  QueueCount and(QueueEntry entry) {
    return new QueueCount(
        queue, messages + 1, recipients + entry.recipients().size(), octets + entry.size());
  }

  /// The row.
  public List<String> fields() {
    return List.of(
        queue, Long.toString(messages), Long.toString(recipients), Long.toString(octets));
  }

  /// @throws IOException if this is not such a row
  public static QueueCount of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var count = new QueueCount(fields.text(), fields.number(), fields.number(), fields.number());
    fields.end();
    return count;
  }
}
