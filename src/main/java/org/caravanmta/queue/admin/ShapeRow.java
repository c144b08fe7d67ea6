package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.control.RowFields;

/// How much mail there is for a domain, by its age: a row of what `queue.shape` answers.
///
/// @param domain in ASCII, in small letters; with a dot before it, it stands for all domains below
///   it; {@link #TOTAL}, or {@link #NULL_SENDER}
/// @param counts for each of the {@link AgeBuckets}
public record ShapeRow(String domain, List<Long> counts) {
  /// All mail.
  public static final String TOTAL = "TOTAL";

  /// Mail that has the null sender (RFC 5321 §4.5.5), in place of a sender's domain.
  static final String NULL_SENDER = "MAILER-DAEMON";

  /// Of all ages.
  public long total() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /// The row.
  public List<String> fields() {
    return List.of(domain, String.join(" ", counts.stream().map(String::valueOf).toList()));
  }

  /// @throws IOException if this is not such a row
  public static ShapeRow of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    String domain = fields.text();
    var counts = new RowFields(List.of(fields.text().split(" ", -1)));
    fields.end();
    var all = new ArrayList<Long>();
    while (counts.more()) {
      all.add(counts.number());
    }
    return new ShapeRow(domain, List.copyOf(all));
  }
}
