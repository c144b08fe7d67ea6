package org.caravanmta.delivery.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.caravanmta.control.RowFields;
import org.caravanmta.headway.Standing;

/// An attempt at delivery that is being made: a row of what `queue.connections` answers. A text
/// that is not known is empty.
///
/// @param number by which it can be cut
/// @param id of the message
/// @param sender of the message
/// @param recipients of the message, in this attempt
/// @param server who is talked to: `host[address]:port`, or the name of a program
/// @param source the address of ours
/// @param tls what was agreed on in TLS
/// @param step a word for what it is doing: `connect`, `end_of_data`
/// @param doing the same as it is told
/// @param sent bytes of the content that have been sent, while it is being sent
/// @param size bytes of the content, while it is being sent; else 0
/// @param age since when it goes on, in milliseconds
/// @param still for how long it has made no progress, in milliseconds
/// @param cut how it was cut, when it has not noticed yet
public record AttemptRow(
    long number,
    String id,
    String sender,
    long recipients,
    String transport,
    String nextHop,
    String server,
    String source,
    String tls,
    String step,
    String doing,
    long sent,
    long size,
    Duration age,
    Duration still,
    String cut) {
  static AttemptRow of(DeliveryTask task) {
    Standing stands = task.headway().standing();
    return new AttemptRow(
        task.number(),
        task.mail().id(),
        task.mail().reversePath().toString(),
        task.mail().recipients().size(),
        task.transport(),
        task.nextHop(),
        stands.counterpart(),
        stands.from(),
        stands.tls(),
        stands.step().name().toLowerCase(Locale.ROOT),
        stands.doing(),
        stands.sent(),
        stands.size(),
        stands.age(),
        stands.still(),
        stands.cut().map(cut -> cut.why()).orElse(""));
  }

  /// The row.
  public List<String> fields() {
    return List.of(
        Long.toString(number),
        id,
        sender,
        Long.toString(recipients),
        transport,
        nextHop,
        server,
        source,
        tls,
        step,
        doing,
        Long.toString(sent),
        Long.toString(size),
        Long.toString(age.toMillis()),
        Long.toString(still.toMillis()),
        cut);
  }

  /// @throws IOException if this is not such a row
  public static AttemptRow of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var attempt =
        new AttemptRow(
            fields.number(),
            fields.text(),
            fields.text(),
            fields.number(),
            fields.text(),
            fields.text(),
            fields.text(),
            fields.text(),
            fields.text(),
            fields.text(),
            fields.text(),
            fields.number(),
            fields.number(),
            Duration.ofMillis(fields.number()),
            Duration.ofMillis(fields.number()),
            fields.text());
    fields.end();
    return attempt;
  }
}
