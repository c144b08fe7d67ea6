package org.caravanmta.quarantine;

import java.io.IOException;
import java.util.List;
import org.caravanmta.control.RowFields;

/// What became of one message about which its filter was asked again: a row of what
/// `quarantine.rescan` answers.
///
/// @param filter as the step of the route names it
/// @param text what the filter says, or why there is no answer
public record Rescanned(String id, Outcome outcome, String filter, String text) {
  /// What became of it.
  public enum Outcome {
    /// The filter passes it, and it is given back to routing.
    RELEASED,
    /// The filter has taken it, as a mail server does.
    TAKEN,
    /// The filter sets it aside again.
    STAYS,
    /// The filter gives no answer; the message stays.
    UNANSWERED,
    /// No route names the filter any more; the message stays.
    UNKNOWN,
    /// It was released or deleted by somebody else meanwhile.
    GONE
  }

  /// Whether it has come to an end.
  public boolean isDone() {
    return switch (outcome) {
      case RELEASED, TAKEN, STAYS -> true;
      case UNANSWERED, UNKNOWN, GONE -> false;
    };
  }

  /// The row.
  List<String> fields() {
    return List.of(id, outcome.name(), filter, text);
  }

  /// @throws IOException if this is not such a row
  public static Rescanned of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var rescanned =
        new Rescanned(fields.text(), fields.one(Outcome.class), fields.text(), fields.text());
    fields.end();
    return rescanned;
  }
}
