package org.caravanmta.control;

import java.io.IOException;
import java.util.List;

/// One stage as the operator is told of it: a row of what `stage.list` answers.
///
/// @param name the id of its route
/// @param description one sentence, or empty
public record StageStatus(String name, boolean running, String description) {
  /// The row.
  public List<String> fields() {
    return List.of(name, Boolean.toString(running), description);
  }

  /// @throws IOException if this is not such a row
  public static StageStatus of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var status = new StageStatus(fields.text(), fields.flag(), fields.text());
    fields.end();
    return status;
  }
}
