package org.caravanmta.quarantine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.caravanmta.control.RowFields;
import org.caravanmta.queue.admin.JsonLine;
import org.caravanmta.state.Quarantined;

/// A message in the quarantine, or a part of it, as `quarantine.list` and `quarantine.show` answer
/// it.
///
/// @param headers its header section, where it is shown
public record QuarantineRow(Quarantined entry, Optional<String> headers) {
  /// The row.
  List<String> fields() {
    var fields = new ArrayList<String>();
    fields.add(entry.id());
    fields.add(entry.sender());
    fields.add(entry.client());
    fields.add(entry.subject());
    fields.add(Long.toString(entry.size()));
    fields.add(entry.filter());
    fields.add(entry.why());
    fields.add(entry.score().isPresent() ? Double.toString(entry.score().getAsDouble()) : "");
    fields.add(RowFields.of(Optional.of(entry.since())));
    fields.add(RowFields.of(Optional.of(entry.arrived())));
    fields.add(headers.orElse(""));
    fields.add(entry.node());
    fields.addAll(entry.recipients());
    return fields;
  }

  /// @throws IOException if this is not such a row
  public static QuarantineRow of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    String id = fields.text();
    String sender = fields.text();
    String client = fields.text();
    String subject = fields.text();
    long size = fields.number();
    String filter = fields.text();
    String why = fields.text();
    OptionalDouble score = score(fields.optional());
    var since = fields.time().orElseThrow(QuarantineRow::unknown);
    var arrived = fields.time().orElseThrow(QuarantineRow::unknown);
    Optional<String> headers = fields.optional();
    String node = fields.text();
    var recipients = new ArrayList<String>();
    while (fields.more()) {
      recipients.add(fields.text());
    }
    return new QuarantineRow(
        new Quarantined(
            id,
            recipients,
            sender,
            client,
            subject,
            size,
            filter,
            why,
            score,
            since,
            arrived,
            node),
        headers);
  }

  /// As `caravan quarantine list --json` writes it; times are seconds since 1970.
  public String json() {
    var json = new JsonLine();
    json.add("queue_id", entry.id());
    json.add("sender", entry.sender());
    json.add("recipients", entry.recipients().stream().map(JsonLine::text).toList());
    json.add("client", entry.client());
    json.add("subject", entry.subject());
    json.add("size", entry.size());
    json.add("filter", entry.filter());
    json.add("reason", entry.why());
    entry.score().stream().filter(Double::isFinite).forEach(score -> json.add("score", score));
    json.add("since", entry.since().getEpochSecond());
    json.add("arrival_time", entry.arrived().getEpochSecond());
    json.add("node", entry.node());
    return json.end();
  }

  private static OptionalDouble score(Optional<String> text) throws IOException {
    try {
      return text.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(Double.parseDouble(text.get()));
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }

  private static IOException unknown() {
    return new IOException(
        "a row in a form that this program does not know; the server is of another version");
  }
}
