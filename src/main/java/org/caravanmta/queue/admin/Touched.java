package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;

/// What became of one message that a selector meant: a row of what `queue.change` answers.
///
/// @param queue where it was
/// @param id absent where it is not mail
/// @param recipients how many this part of the message has
public record Touched(String queue, Optional<String> id, int recipients, Outcome outcome) {
  /// What became of it.
  public enum Outcome {
    /// The verb is done.
    DONE,
    /// It would be: this was a dry run.
    WOULD,
    /// A stage has taken it, and it stays as it is.
    TAKEN,
    /// It was settled, or taken and put elsewhere, between the look at it and the verb.
    GONE,
    /// The verb cannot be done to it: it has not been through its content filter yet, or cannot be
    /// read.
    REFUSED
  }

  /// The row.
  public List<String> fields() {
    return List.of(queue, id.orElse(""), Integer.toString(recipients), outcome.name());
  }

  /// @throws IOException if this is not such a row
  public static Touched of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var touched =
        new Touched(
            fields.text(), fields.optional(), (int) fields.number(), fields.one(Outcome.class));
    fields.end();
    return touched;
  }
}
