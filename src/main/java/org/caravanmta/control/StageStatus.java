package org.caravanmta.control;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// One stage as the operator is told of it: a row of what `stage.list` answers.
///
/// @param name the id of its route
/// @param description one sentence, or empty
public record StageStatus(String name, State state, String description) {
  /// What a stage does.
  public enum State {
    RUNNING,
    /// It takes nothing more, and finishes what it has begun.
    STOPPING,
    STOPPED;

    /// In small letters.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The row.
  public List<String> fields() {
    return List.of(name, state.name(), description);
  }

  /// @throws IOException if this is not such a row
  public static StageStatus of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var status = new StageStatus(fields.text(), fields.one(State.class), fields.text());
    fields.end();
    return status;
  }
}
