package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.List;
import org.caravanmta.control.RowFields;

/// What became of one id that a verb was given: a row of what `queue.delete` and its like answer.
///
/// @param target the id, or `ALL`
/// @param done messages deleted or moved
/// @param taken messages that a stage has taken, and that stay as they are
public record VerbResult(String target, long done, long taken) {
  /// In place of an id.
  public static final String ALL = "ALL";

  /// Whether there is such a message where it was looked for.
  public boolean found() {
    return done > 0 || taken > 0 || target.equals(ALL);
  }

  /// The row.
  public List<String> fields() {
    return List.of(target, Long.toString(done), Long.toString(taken));
  }

  /// @throws IOException if this is not such a row
  public static VerbResult of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var result = new VerbResult(fields.text(), fields.number(), fields.number());
    fields.end();
    return result;
  }
}
