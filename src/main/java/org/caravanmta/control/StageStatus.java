package org.caravanmta.control;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// The state of a stage, as the operator is told: a row of the answer to `stage.list`.
///
/// @param name the id of the stage's route
/// @param description one sentence, or empty
public record StageStatus(String name, State state, String description) {
  /// Whether a stage takes mail.
  public enum State {
    /// It does.
    RUNNING,
    /// It takes no further mail, and finishes what it has begun.
    STOPPING,
    /// It does not.
    STOPPED;

    /// The name in lower case.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The fields of the row.
  public List<String> fields() {
    return List.of(name, state.name(), description);
  }

  /// Reads a row.
  ///
  /// @throws IOException if it is not such a row
  public static StageStatus of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var status = new StageStatus(fields.text(), fields.one(State.class), fields.text());
    fields.end();
    return status;
  }
}
